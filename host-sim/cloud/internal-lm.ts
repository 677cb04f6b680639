// What the device's network believes about words without hearing any: its joint with the encoder's part taken away, over
// the pieces alone (Meng and others 2020). In: a packed model (models/FORMAT.md). Out: natural logarithms. The predictor
// sees two pieces, so each pair's distribution is computed once. Floats: this is no inference path of the device.

const KIND = { config: 1, matrix: 3, bias: 4, embeddings: 5 } as const;
const MATRIX = { predictor: 17, predictorToJoint: 18, output: 19 } as const;
const BIAS = { joint: 0, predictor: 1, output: 2 } as const;
const HEADER = 32;
const ENTRY = 16;
const round64 = (bytes: number): number => Math.ceil(bytes / 64) * 64;

interface Dense {
  readonly rows: number;
  readonly columns: number;
  /** Real weight for an input in units of 1/127, in the output's Q-format as a float of value 1. */
  readonly weights: Float64Array;
}

function sectionOf(file: Buffer, kind: number, index: number): Buffer {
  const count = file.readUInt32LE(16);
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * ENTRY;
    if (file.readUInt16LE(at) !== kind || file.readUInt16LE(at + 2) !== index) continue;
    const begin = file.readUInt32LE(at + 4);
    return file.subarray(begin, begin + file.readUInt32LE(at + 8));
  }
  throw new Error(`the model has no section ${kind}.${index}`);
}

/** The matrix with its requantisation folded in: row r of the result times the inputs is z[r] × 2^-q. */
function matrixOf(file: Buffer, index: number, q: number): Dense {
  const section = sectionOf(file, KIND.matrix, index);
  const [rows, columns, shift] = [section.readUInt16LE(0), section.readUInt16LE(2), section.readUInt8(6)];
  const blocks = section.readUInt32LE(8);
  const columnsAt = 64 + round64((rows / 8) * 2);
  const multipliersAt = columnsAt + round64(blocks);
  const weightsAt = multipliersAt + round64(rows * 4);
  const weights = new Float64Array(rows * columns);
  let block = 0;
  for (let group = 0; group < rows / 8; group++) {
    for (let left = section.readUInt16LE(64 + 2 * group); left > 0; left--, block++) {
      const column = 4 * section.readUInt8(columnsAt + block);
      for (let i = 0; i < 32; i++) {
        const row = 8 * group + (i >> 2);
        const scale = section.readInt32LE(multipliersAt + 4 * row) * 2 ** -(shift + q);
        weights[row * columns + column + (i & 3)] = section.readInt8(weightsAt + 32 * block + i) * scale;
      }
    }
  }
  return { rows, columns, weights };
}

function biasOf(file: Buffer, index: number, q: number): Float64Array {
  const section = sectionOf(file, KIND.bias, index);
  return Float64Array.from({ length: section.length / 2 }, (_, i) => section.readInt16LE(2 * i) * 2 ** -q);
}

function times({ rows, columns, weights }: Dense, input: Float64Array, bias?: Float64Array): Float64Array {
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = bias?.[row] ?? 0;
    for (let i = 0; i < columns; i++) sum += (weights[row * columns + i] as number) * (input[i] as number);
    out[row] = sum;
  }
  return out;
}

const steps127 = (values: Float64Array): Float64Array => values.map((value) => Math.round(Math.tanh(value) * 127));

export type InternalLanguageModel = (pieces: readonly number[]) => number;

export function internalLanguageModel(file: Buffer): InternalLanguageModel {
  const config = sectionOf(file, KIND.config, 0);
  const [vocabulary, embedding] = [config.readUInt16LE(12), config.readUInt16LE(14)];
  const table = sectionOf(file, KIND.embeddings, 0);
  const predictor = matrixOf(file, MATRIX.predictor, 12);
  const toJoint = matrixOf(file, MATRIX.predictorToJoint, 12);
  const output = matrixOf(file, MATRIX.output, 10);
  const [jointBias, predictorBias, outputBias] = [
    biasOf(file, BIAS.joint, 12),
    biasOf(file, BIAS.predictor, 12),
    biasOf(file, BIAS.output, 10),
  ];
  const known = new Map<number, Float64Array>();

  const distribution = (before: number, last: number): Float64Array => {
    const key = before * (vocabulary + 1) + last;
    const found = known.get(key);
    if (found !== undefined) return found;
    const input = Float64Array.from({ length: 2 * embedding }, (_, i) =>
      table.readInt8((i < embedding ? before * embedding : last * embedding - embedding) + i),
    );
    const state = steps127(times(predictor, input, predictorBias));
    const joint = steps127(times(toJoint, state, jointBias));
    const logits = times(output, joint, outputBias).subarray(1, vocabulary + 1);
    const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const norm = top + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - top), 0));
    const result = logits.map((value) => value - norm);
    known.set(key, result);
    return result;
  };

  return (pieces) => {
    let [before, last, sum] = [0, 0, 0];
    for (const piece of pieces) {
      sum += distribution(before, last)[piece - 1] as number;
      [before, last] = [last, piece];
    }
    return sum;
  };
}
