// The devices of the simulated home, so that a speaker that knows nobody's names yet can be tried. They make way for the
// owner's own: `home erase`.

const LIGHTS = "kitchen bedroom living_room bathroom hallway office garage dining_room".split(" ");
const OTHERS =
  "desk lamp|office|light;floor lamp|living room|light;table lamp|dining room|light;reading light|bedroom|light;" +
  "night light|kids room|light;christmas tree|living room|light;fan|bedroom|fan;ceiling fan|living room|fan;" +
  "tv|living room|switch;radio|kitchen|switch;kettle|kitchen|switch;oven|kitchen|switch;" +
  "coffee machine|kitchen|switch;dishwasher|kitchen|switch;washing machine|laundry room|switch;" +
  "vacuum|hallway|switch;plug|office|switch;speaker|living room|switch;humidifier|bedroom|switch;" +
  "heating|living room|climate;heater|bathroom|climate;air conditioner|bedroom|climate;" +
  "blinds|living room|cover;curtains|bedroom|cover;shutters|office|cover;garage door|garage|cover;" +
  "gate|garden|cover;window|kitchen|cover;front door|hallway|lock;back door|kitchen|lock";

function pages(): readonly string[] {
  const lines = LIGHTS.map((room) => room.split("_").join(" ")).map((room) => `${room} light|${room}|light`);
  const made = [...lines, ...OTHERS.split(";")].map((text) => {
    const [name, room, kind] = text.split("|");
    return `device\t${name}\t\t${room}\t${kind}`;
  });
  return [`\n${made.slice(0, 30).join("\n")}\n`, `\n${made.slice(30).join("\n")}\n`];
}

/** In the form of catalog.ts's pages. */
export const DEFAULT_PAGES: readonly string[] = pages();
