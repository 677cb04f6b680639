import { catalogCommand } from "../names";

export const rooms = catalogCommand({
  name: "rooms",
  class: "room",
  one: "room",
  form: "NAME",
  summary: "lists, adds or removes rooms without devices",
  details: ["A room that a device names is known anyway. settings room tells in which one the speaker stands."],
});
