/**
 * Thrown where a part of the spec has no Lua yet; caught by whoever knows the place in the spec, and told to the
 * user there. Never reaches the caller of the room.
 */
export class Unsupported extends Error {
  readonly feature: string;
  constructor(feature: string) {
    super(feature);
    this.name = 'Unsupported';
    this.feature = feature;
  }
}
