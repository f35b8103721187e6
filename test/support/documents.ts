export { documentOf, siteOf, siteWith, type SiteTexts } from "../../src/plugin/case-site.ts";
