import type { Host, Licence } from "../../schema/inventory.generated.ts";
import type { Source } from "./managed-objects.ts";
import type { ObjectReader } from "./object-reader.ts";
import { known, str } from "./tree.ts";

type Edition = NonNullable<Host["edition"]>;

/** The edition of a host's licence by the host's id; the reader records why it is unknown. */
export type HostEditions = (host: string, reader: ObjectReader) => Edition | undefined;

/**
 * The edition of a licence, from its name and edition key. The names are VMware's and are stable across versions
 * ("VMware vSphere 6 Enterprise Plus", "vSphere 6 Hypervisor"); the keys are not documented.
 */
export function licenceEdition(name: string, editionKey = ""): Edition {
  const text = `${name} ${editionKey}`.toLowerCase();
  if (/\beval(uation)?\b/.test(text)) return "evaluation";
  if (/enterprise[ _-]?plus/.test(text)) return "enterprise_plus";
  if (/cloud[ _-]?foundation|\bvcf\b/.test(text)) return "cloud_foundation";
  if (/vsphere[ _-]?foundation|\bvvf\b/.test(text)) return "vsphere_foundation";
  if (/essentials[ _-]?plus/.test(text)) return "essentials_plus";
  if (text.includes("essentials")) return "essentials";
  if (/\bhypervisor\b/.test(text) || /esxbasic|\besx\.hypervisor\b/.test(text)) return "free";
  if (/\bstandard\b/.test(text)) return "standard";
  return "other";
}

/** Every assigned licence, once; never its key. Undefined if the source could not read them. */
export function licencesOf({ licences }: Source): Licence[] | undefined {
  if (typeof licences === "string") return undefined;
  const names = new Map<string, Licence>();
  for (const assignment of licences) {
    const name = str(assignment, "assignedLicense.name");
    if (name === undefined) continue;
    names.set(name, known({ name, edition: licenceEdition(name, str(assignment, "assignedLicense.editionKey")) }));
  }
  return [...names.values()];
}

export function hostEditions({ licences }: Source): HostEditions {
  if (typeof licences === "string") {
    return (_, reader) => {
      reader.noteMissing("edition", licences);
      return undefined;
    };
  }
  const editions = new Map<string, Edition>();
  for (const assignment of licences) {
    const [entity, name] = [str(assignment, "entityId"), str(assignment, "assignedLicense.name")];
    if (entity === undefined || name === undefined) continue;
    editions.set(entity, licenceEdition(name, str(assignment, "assignedLicense.editionKey")));
  }
  return (host, reader) => {
    const edition = editions.get(host);
    if (edition === undefined) reader.noteMissing("edition", "vSphere does not report a license of the host");
    return edition;
  };
}
