/** The part of saxen that is used here; the package has no types of its own. */
declare module "saxen" {
  export interface ParseContext {
    readonly line: number;
    readonly column: number;
    readonly data: string;
  }

  export interface ParserEvents {
    openTag: (
      name: string,
      attributes: () => Readonly<Record<string, string>>,
      decodeEntities: (text: string) => string,
      selfClosing: boolean,
    ) => void;
    closeTag: (name: string, decodeEntities: (text: string) => string, selfClosing: boolean) => void;
    text: (text: string, decodeEntities: (text: string) => string) => void;
    cdata: (text: string) => void;
    /** `<!DOCTYPE …>` and its like. */
    attention: (text: string) => void;
    error: (error: Error, context: () => ParseContext) => void;
    warn: (warning: Error, context: () => ParseContext) => void;
  }

  export class Parser {
    on<Name extends keyof ParserEvents>(event: Name, handler: ParserEvents[Name]): this;
    parse(xml: string): this;
    stop(): void;
  }
}
