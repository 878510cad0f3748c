// The program that the Azure Pipelines agent runs after the job, whatever became of it.
import { cleanup } from '../cleanup.js';
import { pipelinesPost } from '../hosts/pipelines-post.js';

cleanup(pipelinesPost);
