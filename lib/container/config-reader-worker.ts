import { parentPort, workerData } from 'node:worker_threads';
import { readConfig, type ConfigQuestion } from './config-reader.ts';

// Started by config-reader.ts.
parentPort?.postMessage(readConfig(workerData as ConfigQuestion));
