// Lines of YAML that leave runs set off by forks out, and let every other event through.

export const PULL_REQUEST_GUARD =
  'if: ${{ !github.event.pull_request || github.event.pull_request.head.repo.id == github.event.repository.id }}';
export const WORKFLOW_RUN_GUARD =
  'if: ${{ !github.event.workflow_run || github.event.workflow_run.head_repository.id == github.event.repository.id }}';
