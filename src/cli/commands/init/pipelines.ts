import { version } from "../../../run/version.ts";

/** A CI system that `preflight init --ci` writes a pipeline for. */
export type CiSystem = "github" | "gitlab" | "azure" | "jenkins";

/** A pipeline: its file, and its text. */
export interface Pipeline {
  readonly path: string;
  readonly text: string;
}

/*
 * Every pipeline installs one package without dependencies, uses the policy of the protected branch, contacts no
 * servers, and keeps the exit code. It runs preflight without a file: on every site of the repository.
 */

const HEAD = (
  comment: string,
) => `${comment} Checks every Pexip Infinity deployment in this repository; contacts no servers.
${comment} Before the first run, commit two things to the protected branch: the folder "policy" with preflight.config.yaml, and
${comment} the tarball of a release at tools/infinity-preflight-${version}.tgz. Both are taken from there, so that a change cannot
${comment} relax its own gate. PREFLIGHT_PACKAGE may also be the URL of the tarball, or a version in your package registry.
`;

/** Below the protected branch. */
const PACKAGE = `tools/infinity-preflight-${version}.tgz`;
const POLICY = "--policy ../trusted/policy";

const PIPELINES: Readonly<Record<CiSystem, Pipeline>> = {
  github: {
    path: ".github/workflows/preflight.yml",
    text: `${HEAD("#")}name: preflight
on:
  pull_request:
  push: { branches: [main] }
permissions: {}
env:
  PREFLIGHT_PACKAGE: ./trusted/${PACKAGE}
jobs:
  preflight:
    runs-on: ubuntu-latest
    permissions: { contents: read, security-events: write }
    steps:
      - uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0
        with: { path: change, persist-credentials: false }
      - uses: actions/checkout@d23441a48e516b6c34aea4fa41551a30e30af803 # v6.1.0
        with: { path: trusted, ref: "\${{ github.event.repository.default_branch }}", persist-credentials: false }
      - uses: actions/setup-node@249970729cb0ef3589644e2896645e5dc5ba9c38 # v6.5.0
        with: { node-version: 24 }
      - run: npm install --global --ignore-scripts --no-audit --no-fund "$PREFLIGHT_PACKAGE"
      - run: preflight . ${POLICY} --no-live --format github --format sarif=../preflight.sarif --format html=../preflight.html
        working-directory: change
      - if: always() && hashFiles('preflight.sarif') != ''
        # Pull requests of forks may not upload; the gate is the exit code of the step above.
        continue-on-error: true
        uses: github/codeql-action/upload-sarif@8aad20d150bbac5944a9f9d289da16a4b0d87c1e # v4.36.2
        with: { sarif_file: preflight.sarif, checkout_path: "\${{ github.workspace }}/change" }
      - if: always() && hashFiles('preflight.html') != ''
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with: { name: preflight, path: preflight.html }
`,
  },
  gitlab: {
    path: ".gitlab-ci.yml",
    text: `${HEAD("#")}variables:
  PREFLIGHT_PACKAGE: ../trusted/${PACKAGE}
preflight:
  image: node:24
  script:
    - rm -rf ../trusted
    - git clone --quiet --depth 1 --branch "$CI_DEFAULT_BRANCH" "$CI_REPOSITORY_URL" ../trusted
    - npm install --global --ignore-scripts --no-audit --no-fund "$PREFLIGHT_PACKAGE"
    - preflight . ${POLICY} --no-live --format junit=preflight.xml --format gitlab=gl-code-quality-report.json --format html=preflight.html
  artifacts:
    when: always
    paths: [preflight.html]
    reports: { junit: preflight.xml, codequality: gl-code-quality-report.json }
`,
  },
  azure: {
    path: "azure-pipelines.yml",
    text: `${HEAD("#")}trigger: [main]
pool: { vmImage: ubuntu-latest }
variables:
  PREFLIGHT_PACKAGE: ../trusted/${PACKAGE}
steps:
  - checkout: self
    path: s/change
    fetchDepth: 0
  - task: NodeTool@0
    inputs: { versionSpec: 24.x }
  - script: rm -rf ../trusted && git worktree prune && git worktree add --quiet ../trusted origin/main
    workingDirectory: $(Pipeline.Workspace)/s/change
  - script: npm install --global --ignore-scripts --no-audit --no-fund "$(PREFLIGHT_PACKAGE)"
    workingDirectory: $(Pipeline.Workspace)/s/change
  - script: preflight . ${POLICY} --no-live --format junit=../out/preflight.xml --format html=../out/preflight.html
    workingDirectory: $(Pipeline.Workspace)/s/change
  - task: PublishTestResults@2
    condition: succeededOrFailed()
    inputs:
      testResultsFormat: JUnit
      testResultsFiles: $(Pipeline.Workspace)/s/out/preflight.xml
      testRunTitle: preflight
  - task: PublishBuildArtifacts@1
    condition: succeededOrFailed()
    inputs: { pathToPublish: $(Pipeline.Workspace)/s/out, artifactName: preflight }
`,
  },
  jenkins: {
    path: "Jenkinsfile",
    text: `${HEAD("//")}pipeline {
  agent any
  environment {
    PREFLIGHT_PACKAGE = '../trusted/${PACKAGE}'
  }
  stages {
    stage('preflight') {
      steps {
        dir('change') { checkout scm }
        dir('trusted') { checkout scmGit(branches: [[name: 'main']], userRemoteConfigs: scm.userRemoteConfigs) }
        dir('change') { sh 'npm install --global --prefix ../tool --ignore-scripts --no-audit --no-fund "$PREFLIGHT_PACKAGE"' }
        dir('change') { sh '../tool/bin/preflight . ${POLICY} --no-live --format junit=../preflight.xml --format html=../preflight.html' }
      }
      post {
        always {
          junit 'preflight.xml'
          archiveArtifacts 'preflight.html'
        }
      }
    }
  }
}
`,
  },
};

/** The pipeline of a CI system. */
export function pipelineOf(system: CiSystem): Pipeline {
  return PIPELINES[system];
}
