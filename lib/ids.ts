import { v7 } from 'uuid'

/** A new id, UUIDv7: made by us and not by a sequence, so it says nothing of how much others write, and sorts by time. */
export function newId(): string {
  return v7()
}

/** True when the text can be an id at all. What cannot is simply not found; Postgres would call it an error. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
}
