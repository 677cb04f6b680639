// The words behind which names of a class are listened for. A phrase counts wherever it stands in an utterance, as whole
// words right before the name. Names of a class that is not here are listened for everywhere.

export const CLASS_PHRASES: Readonly<Record<string, string>> = {
  contact:
    "call|phone|dial|ring|text|message|tell|ask|give|send|let|inform|drop|shoot|email|message to|text to|write to|write|" +
    "call to|call with|talk to|speak to|speak with|talk with|through to|connect me with|connect me to|on to|get me",
  device:
    "turn on|turn off|turn on the|turn off the|turn the|turn my|switch on|switch off|switch on the|switch off the|" +
    "switch the|dim|dim the|brighten the|set|set the|is the|start the|stop the|open the|close the|lock the|unlock the|" +
    "on the|off the|make the",
  room: "in the|in|in my|turn on the|turn off the|turn the|switch on the|switch off the|switch the|set the|dim the|for the",
  playlist:
    "play|play my|play the|play the playlist|play playlist|the playlist|my playlist|shuffle|shuffle my|put on|put on my|" +
    "start|start my|listen to|listen to my|hear|to hear",
};

/** Phrases of a class; undefined: its names are listened for everywhere. */
export function phrasesOf(className: string): readonly string[] | undefined {
  // Compared, not looked up: the engine keeps each property name that was ever asked for.
  for (const known of Object.keys(CLASS_PHRASES)) if (known === className) return CLASS_PHRASES[known]?.split("|");
  return undefined;
}
