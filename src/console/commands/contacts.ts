import { catalogCommand } from "../names";

export const contacts = catalogCommand({
  name: "contacts",
  class: "contact",
  one: "contact",
  form: "NAME[, NUMBER]",
  summary: "lists, adds or removes the people whom the speaker knows",
  details: ["contacts add Aunt Mary, +44 20 7946 0000"],
});
