import { catalogCommand } from "../names";

export const playlists = catalogCommand({
  name: "playlists",
  class: "playlist",
  one: "playlist",
  form: "NAME, PIECES",
  summary: "lists, adds or removes lists of pieces of music",
  details: ["playlists add Morning, default sunrise", "Pieces are named as play lists them."],
});
