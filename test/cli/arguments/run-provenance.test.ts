import { describe, expect, it } from "vitest";
import { runProvenance } from "../../../src/cli/arguments/run-provenance.ts";

const NONE = { "run-by": undefined, ticket: undefined };

const GITHUB = {
  GITHUB_ACTIONS: "true",
  GITHUB_ACTOR: "anna",
  GITHUB_SERVER_URL: "https://github.example.com",
  GITHUB_REPOSITORY: "vc/sites",
  GITHUB_RUN_ID: "17",
};

describe("the provenance of a run", () => {
  it("is absent without an option, regardless of the environment", () => {
    expect(runProvenance({ ...NONE }, GITHUB)).toBeUndefined();
  });

  it("is what the options name", () => {
    expect(runProvenance({ "run-by": "anna", ticket: "CHG-1042" }, GITHUB)).toEqual({
      runBy: "anna",
      job: null,
      ticket: "CHG-1042",
    });
  });

  it.each([
    ["GitHub Actions", GITHUB, "anna", "https://github.example.com/vc/sites/actions/runs/17"],
    [
      "GitLab",
      { GITLAB_CI: "true", GITLAB_USER_LOGIN: "anna", CI_JOB_URL: "https://gitlab.example.com/-/jobs/3" },
      "anna",
      "https://gitlab.example.com/-/jobs/3",
    ],
    [
      "Azure Pipelines",
      {
        TF_BUILD: "True",
        BUILD_REQUESTEDFOR: "Anna",
        SYSTEM_COLLECTIONURI: "https://dev.example.com/vc/",
        SYSTEM_TEAMPROJECT: "video team",
        BUILD_BUILDID: "9",
      },
      "Anna",
      "https://dev.example.com/vc/video%20team/_build/results?buildId=9",
    ],
    [
      "Jenkins",
      { JENKINS_URL: "https://ci.example.com/", BUILD_URL: "https://ci.example.com/job/1/" },
      null,
      "https://ci.example.com/job/1/",
    ],
    ["no CI system", {}, null, null],
    ["a job without its variables", { GITHUB_ACTIONS: "true" }, null, null],
  ])("is taken from the variables of %s with --run-by ci", (_, env, runBy, job) => {
    expect(runProvenance({ ...NONE, "run-by": "ci" }, env)).toEqual({ runBy, job, ticket: null });
  });

  it("cuts what is longer than a line", () => {
    const { runBy } = runProvenance({ ...NONE, "run-by": "ci" }, { ...GITHUB, GITHUB_ACTOR: "x".repeat(10_000) }) ?? {};
    expect(runBy?.length).toBeLessThan(600);
  });
});
