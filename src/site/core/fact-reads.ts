export { type FactRead, observeFacts } from "../../facts/fact-reads.ts";
