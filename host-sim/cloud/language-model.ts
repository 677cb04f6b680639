// The neural language model, run by onnxruntime-node. In: sequences of word pieces. Out: natural logarithms of their
// probabilities. The package is optional and large: it is loaded here alone.

import { createRequire } from "node:module";
import { join } from "node:path";
import { inputFailure } from "../cli/failure.ts";
import type { Scorer } from "./rerank.ts";

interface Tensor {
  readonly data: Float32Array;
}

interface Runtime {
  readonly InferenceSession: {
    create(
      path: string,
      options: object,
    ): Promise<{ run(feeds: Record<string, unknown>): Promise<Record<string, Tensor>> }>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => unknown;
}

/** `folder`: where node_modules with onnxruntime-node lie. */
export async function openLanguageModel(path: string, folder: string): Promise<Scorer> {
  let runtime: Runtime;
  try {
    runtime = createRequire(join(folder, "package.json"))("onnxruntime-node") as Runtime;
  } catch (error) {
    throw inputFailure(
      `the language model needs the package onnxruntime-node: ${(error as Error).message.split("\n")[0]}.`,
    );
  }
  let session: Awaited<ReturnType<Runtime["InferenceSession"]["create"]>>;
  try {
    session = await runtime.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (error) {
    throw inputFailure(`${path}: expected a language model in ONNX form; ${(error as Error).message.split("\n")[0]}.`);
  }
  return async (sequences) => {
    const steps = Math.max(...sequences.map(({ length }) => length)) + 2;
    const table = new BigInt64Array(sequences.length * steps); // zeros: start, end, and what lies behind
    sequences.forEach((pieces, i) => {
      pieces.forEach((piece, j) => {
        table[i * steps + 1 + j] = BigInt(piece);
      });
    });
    const result = await session.run({ pieces: new runtime.Tensor("int64", table, [sequences.length, steps]) });
    const { data } = result.log_probability as Tensor;
    return sequences.map(({ length }, i) => {
      let sum = 0;
      for (let j = 0; j <= length; j++) sum += data[i * (steps - 1) + j] as number;
      return sum;
    });
  };
}
