// The program that GitHub runs after the job, whatever became of it.
import { cleanup } from '../cleanup.js';
import { githubPost } from '../hosts/github-post.js';

cleanup(githubPost);
