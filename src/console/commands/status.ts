import type { Command, ConsoleDevice } from "../command";

export const status: Command = {
  name: "status",
  usage: "",
  summary: "shows state, music, volume and mute",
  details: [
    "state: of the request: idle, listening, speculative, final or acting",
    "listening: off, once (until one utterance has ended) or on",
    "mute: of the microphone",
    "load: what the recognizer's work is cut to: full, narrow, greedy or late",
  ],
  most: 0,
  run(_args, device) {
    const { recognizer, settings } = device;
    const { player } = device.music;
    const load = (JSON.parse(device.stats()) as { load?: string }).load ?? "full";
    const { volume, mute } = settings.values;
    return {
      lines: [
        `state: ${device.requestState().name}`,
        `listening: ${recognizer.mode}`,
        `music: ${musicLine(device)}`,
        `volume: ${volume}`,
        `mute: ${mute ? "on" : "off"}`,
        `load: ${load}`,
      ],
      data: {
        state: device.requestState().name,
        listening: recognizer.mode,
        music: { state: player.state, piece: player.piece, positionMs: player.positionMs },
        volume,
        mute,
        load,
      },
    };
  },
};

function musicLine({ music: { player } }: ConsoleDevice): string {
  if (player.state === "stopped") return "stopped";
  return `${player.state} ${player.piece} at ${(player.positionMs / 1000).toFixed(1)} s`;
}
