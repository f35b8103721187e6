export { check, type CheckOptions, type CheckResult } from "./check.ts";
export { planRun, type PlanEntry, type PlanOptions, type PlanResult, type RunPlan } from "./plan.ts";
export { probe, type ProbeOptions, type ProbeResult } from "./probe.ts";
export { pull, type PullOptions } from "./pull.ts";
export { rules } from "../../rules/index.generated.ts";
export type { RunReport } from "../engine/run-report.ts";
export { PreflightError, PreflightErrors } from "../values/preflight-error.ts";
