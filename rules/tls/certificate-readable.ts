import { setCertificate } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "Generate or request certificates (Base64-encoded X.509 PEM format)" (L777). */
export default defineRule({
  id: "tls/certificate-readable",
  title: "Require readable certificate files in PEM format",
  severity: "error",
  since: "0.1.0",
  source: guide("Prior to installation", "must"),
  subject: "certificate-file",
  messages: {
    noName: "The name of the certificate file is empty; enter a PEM file, or delete the key.",
    noSuchFile: "Certificate file {{file}} does not exist; paths are relative to the folder of the deployment file.",
    denied: "Certificate file {{file}} is not readable by this user; change its permissions.",
    folder: "Certificate file {{file}} is a folder; enter the PEM file inside it.",
    notAFile: "Certificate file {{file}} is a pipe, a socket or a device, not a file.",
    outside:
      "Certificate file {{file}} is outside the deployment file's repository and was not read; move it, or add --allow-outside-paths.",
    tooLarge: "Certificate file {{file}} is larger than 1 MB, the limit; enter the file of the certificate chain.",
    unreadable: "Certificate file {{file}} could not be read; check its name and the disk it is on.",
    empty: "Certificate file {{file}} is empty.",
    der: "Certificate file {{file}} is in binary (DER) format; convert it to PEM.",
    pkcs12: "Certificate file {{file}} is a PKCS #12 container (.p12, .pfx); extract the certificates as PEM.",
    pkcs7: "Certificate file {{file}} is a PKCS #7 container (.p7b); extract the certificates as PEM.",
    binary: "Certificate file {{file}} is a binary file, not PEM text.",
    wide: "Certificate file {{file}} is encoded as UTF-16; save it as plain ASCII or UTF-8 text.",
    truncated: "The certificate that begins on line {{line}} of {{file}} has no END line; the file is truncated.",
    damaged: "The PEM block that begins on line {{line}} of {{file}} is not an X.509 certificate; it is damaged.",
    privateKey: "Certificate file {{file}} contains a private key but no certificate.",
    encryptedPrivateKey: "Certificate file {{file}} contains an encrypted private key but no certificate.",
    request:
      "Certificate file {{file}} contains a certificate request; enter the certificate that the CA issued for it.",
    noCertificate: "Certificate file {{file}} contains no PEM certificate (-----BEGIN CERTIFICATE-----).",
  },
  remediation:
    "Save the node's certificate, followed by its intermediates, as Base64-encoded PEM text in the file that the deployment refers to; openssl x509 and openssl pkcs12 convert other formats.",
  mutations: [
    { edit: (subject) => setCertificate(subject, (file) => ({ ...file, problem: "der", certificates: [] })) },
    { edit: (subject) => setCertificate(subject, (file) => ({ ...file, problem: "noSuchFile", certificates: [] })) },
  ],
  check(subject, { need, fail }) {
    const { path, problem, line } = need(subject, "certificate");
    if (problem !== null) fail(problem, { at: [subject, "tls_certificate"], data: { file: path, line } });
  },
});
