import { isObject, str, type Tree, type TreeObject } from "../mapping/tree.ts";

/** A fault of the vSphere API. */
export class VimFault extends Error {
  override readonly name = "VimFault";

  /** @param fault its type: `InvalidLogin` */
  constructor(
    readonly fault: string,
    readonly detail: TreeObject,
  ) {
    super(fault);
  }

  /** Reads the `Fault` of a SOAP body. */
  static of(fault: Tree | undefined): VimFault {
    const detail = isObject(fault) && isObject(fault["detail"]) ? fault["detail"] : {};
    const [element = "", value] = Object.entries(detail).find(([key]) => key !== "_typeName") ?? [];
    const type = str(value, "_typeName") ?? element.replace(/Fault$/, "");
    return new VimFault(type === "" ? "unknown fault" : type, isObject(value) ? value : {});
  }
}

/** An answer that is not from vSphere. `detail` is the HTTP status or the encoding. */
export class UnexpectedResponse extends Error {
  override readonly name = "UnexpectedResponse";

  constructor(
    readonly kind: "status" | "redirect" | "page" | "not-soap" | "encoding" | "too-long" | "too-slow" | "no-progress",
    readonly detail: string,
  ) {
    super(kind);
  }
}

/** Why a property or list could not be read, in a few words for `coverage`. */
export function faultReason(fault: string, privilege: string | undefined): string {
  switch (fault) {
    case "NoPermission":
      return privilege === undefined ? "no permission" : `no permission (${privilege})`;
    case "InvalidProperty":
    case "NotSupported":
    case "MethodNotFound":
    case "NotImplemented":
      return "this version of vSphere does not offer it";
    default:
      return `vSphere returned the fault ${fault}`;
  }
}
