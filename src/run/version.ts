declare const __VERSION__: string | undefined;
declare const __HOMEPAGE__: string | null | undefined;

/** The version of this program, inserted by the build. */
export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

/** Where the documentation of this program is published, from `homepage` in package.json; null = not published. */
export const homepage: string | null = typeof __HOMEPAGE__ === "string" ? __HOMEPAGE__ : null;
