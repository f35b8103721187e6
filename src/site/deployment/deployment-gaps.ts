import type { Path } from "../../values/location.ts";
import type { Document } from "../core/document.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Missing, SourceRef } from "../core/missing.ts";

/** Source locations in the deployment, and its gaps in words. */
export class DeploymentGaps {
  constructor(readonly document: Document<Deployment>) {}

  sourceRef(path: Path): SourceRef {
    return { document: this.document, path };
  }

  /** A value that the deployment does not give. */
  absent(path: Path): Missing {
    const field = path.filter((step) => typeof step === "string").join(".");
    return { what: `${field} is not in the deployment`, sourceRef: this.sourceRef(path) };
  }

  /** The gap of a key at the top level, when it is absent. */
  absentKey(key: keyof Deployment): readonly Missing[] {
    return this.document.value[key] === undefined ? [this.absent([key])] : [];
  }

  /** The same for the fields of an object at `base`. */
  absentIn(base: Path): (object: unknown, path: Path) => Missing {
    return (_, path) => this.absent([...base, ...path]);
  }
}
