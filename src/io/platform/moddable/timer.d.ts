// The part of the SDK's timers that the firmware uses.

declare module "timer" {
  const Timer: {
    repeat(callback: () => void, ms: number): unknown;
    set(callback: () => void, ms: number): unknown;
  };
  export default Timer;
}
