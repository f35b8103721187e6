import type { CertificateFile } from "./certificate.ts";
import { type CaStore, caStore, CertificateChain, linksOf } from "./certificate-chain.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import type { Missing, SourceRef } from "../core/missing.ts";
import { once, oncePer } from "../core/once.ts";
import { derivedTable, type Field, known, SiteObject, unknown } from "../core/site-object.ts";

export interface CaFileFields {
  readonly certificate?: CertificateFile;
}

/** A file of `ca_certificates`. */
export class CaFile extends SiteObject<CaFileFields> {}

/** The certificate files of the deployment: their contents, and the chains that they form. */
export class CertificateFiles {
  /** Each declared file once. */
  readonly declared: readonly CaFile[];
  readonly #read: ReadonlyMap<string, CertificateFile>;
  readonly #store = once(() => this.#makeStore());
  /** Nodes may share a file; verifying signatures takes time. */
  readonly #chains = oncePer((file: CertificateFile) => CertificateChain.of(file, this.#store()));

  constructor(gaps: DeploymentGaps, read: ReadonlyMap<string, CertificateFile>) {
    this.#read = read;
    const paths = gaps.document.value.ca_certificates ?? [];
    this.declared = paths.flatMap((path, index) =>
      paths.indexOf(path) < index ? [] : [this.#caFile(path, gaps.sourceRef(["ca_certificates", index]))],
    );
  }

  /** The declared CAs as PEM texts, for verifying servers. */
  get authorities(): readonly string[] {
    return this.declared.flatMap((ca) => {
      const file = ca.read("certificate");
      return file.known ? file.value.certificates.map(({ pem }) => pem) : [];
    });
  }

  /** The file of a path; a gap when the run did not read it. */
  file(path: string, sourceRef: SourceRef): Field<CertificateFile> {
    const file = this.#read.get(path);
    return file === undefined ? unknown({ what: `certificate file ${path} was not read`, sourceRef }) : known(file);
  }

  /** What a node with that file presents; a gap when no certificate can be had from it. */
  chain(path: string, sourceRef: SourceRef): Field<CertificateChain> {
    const file = this.file(path, sourceRef);
    if (!file.known) return file;
    const chain = this.#chains(file.value);
    return chain === null ? unknown(unusable(path, sourceRef)) : known(chain);
  }

  #makeStore(): CaStore {
    const files = this.declared.map((ca) => ({ ca, file: ca.read("certificate") }));
    const links = files.flatMap(({ file }) => (file.known ? linksOf(file.value, true) : []));
    const missing = files.flatMap(({ ca, file }): readonly Missing[] => {
      if (!file.known) return file.missing;
      return file.value.problem === null ? [] : [unusable(ca.name, ca.sourceRef)];
    });
    return caStore(links, missing);
  }

  #caFile(path: string, sourceRef: SourceRef): CaFile {
    return new CaFile({
      kind: "file",
      name: path,
      descriptions: [],
      sourceRef,
      missing: () => ({ what: `${path} has no such field`, sourceRef }),
      derived: derivedTable<CaFileFields>({ certificate: () => this.file(path, sourceRef) }),
    });
  }
}

function unusable(path: string, sourceRef: SourceRef): Missing {
  return { what: `no certificate can be read from ${path}`, sourceRef, isUnusable: true };
}
