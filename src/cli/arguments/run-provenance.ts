import type { RunProvenance } from "../../run/options.ts";
import { clip } from "../../report/text/escape.ts";
import type { OptionValues } from "./options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables in which a CI system has the user and the job. */
interface CiVariables {
  /** Set in every job of the system. */
  readonly mark: string;
  readonly user: string;
  readonly job: (env: Environment) => string | null;
}

/** The variables from the documentation of each system. */
const CI_SYSTEMS: readonly CiVariables[] = [
  {
    mark: "GITHUB_ACTIONS",
    user: "GITHUB_ACTOR",
    job: ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run }) =>
      server === undefined || repository === undefined || run === undefined
        ? null
        : `${server}/${repository}/actions/runs/${run}`,
  },
  { mark: "GITLAB_CI", user: "GITLAB_USER_LOGIN", job: ({ CI_JOB_URL: url }) => url ?? null },
  {
    mark: "TF_BUILD",
    user: "BUILD_REQUESTEDFOR",
    job: ({ SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build }) =>
      collection === undefined || project === undefined || build === undefined
        ? null
        : `${collection}${encodeURIComponent(project)}/_build/results?buildId=${build}`,
  },
  // Jenkins itself has no variable for the user; this one is from its plugin "build user vars".
  { mark: "JENKINS_URL", user: "BUILD_USER_ID", job: ({ BUILD_URL: url }) => url ?? null },
];

/** Longest text taken from a variable or an option, in UTF-16 units. */
const LONGEST = 500;

/** The user, the job and the ticket of a run; undefined if no option sets them. Nothing is read from the machine. */
export function runProvenance(
  { "run-by": runBy, ticket }: OptionValues<"run-by" | "ticket">,
  env: Environment,
): RunProvenance | undefined {
  if (runBy === undefined && ticket === undefined) return undefined;
  const system = runBy === "ci" ? CI_SYSTEMS.find(({ mark }) => (env[mark] ?? "") !== "") : undefined;
  const user = runBy === "ci" ? (system === undefined ? null : (env[system.user] ?? null)) : (runBy ?? null);
  const short = (text: string | null) => (text === null ? null : clip(text, LONGEST));
  return { runBy: short(user), job: short(system?.job(env) ?? null), ticket: ticket ?? null };
}
