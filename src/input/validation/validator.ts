/** A generated function that tells whether a value is valid, and leaves what is wrong in `errors`. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** What breaks the schema: a value, a key that it knows nothing of, or a key that is missing. */
export interface SchemaError {
  /** JSON pointer (RFC 6901) to the value. */
  readonly instancePath: string;
  readonly params: { readonly additionalProperty?: string; readonly missingProperty?: string };
}
