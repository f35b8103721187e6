export { documentOf, siteOf, siteWith } from "../../src/plugin/case-site.ts";
