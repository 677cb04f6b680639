import { FORMS, SETTING_NAMES, settingText } from "../../settings/schema";
import { badArgument, type Command, MANY } from "../command";

export const settings: Command = {
  name: "settings",
  usage: "[NAME [VALUE]]",
  summary: "shows all settings or one, or sets one",
  details: [...SETTING_NAMES.map((name) => `${name}: ${FORMS[name]}`), "They are kept over a restart."],
  most: MANY,
  run(args, device) {
    const [wanted, ...rest] = args;
    const name = SETTING_NAMES.find((candidate) => candidate === wanted?.toLowerCase());
    if (wanted !== undefined && name === undefined) throw badArgument(SETTING_NAMES.join(", "), wanted);
    if (
      name !== undefined &&
      rest.length > 0 &&
      !device.setSetting(name, rest.join(" ") === "none" ? "" : rest.join(" "))
    ) {
      throw badArgument(FORMS[name], rest.join(" "));
    }
    const { values } = device.settings;
    const shown = name === undefined ? SETTING_NAMES : [name];
    return {
      lines: shown.map((each) => `${each}: ${settingText(values, each)}`),
      data: { settings: name === undefined ? { ...values } : { [name]: values[name] } },
    };
  },
};
