export { dnsRecords, ntpReply, type Script, scripted, servedCertificate } from "../../src/plugin/scripted-answers.ts";
