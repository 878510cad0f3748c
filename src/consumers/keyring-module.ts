// The Python module "keyring" through which pip and twine get the token: for feeds of one organization, and nothing else.
import { delimiter, join } from 'node:path';
import type { Organization } from '../azure-devops/organization.js';
import type { OrganizationToken } from '../azure-devops/verify.js';
import { type Effect, emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { GIT_USER_NAME } from '../masks.js';
import { printable } from '../printable.js';
import type { Facts, Need } from './consumer.js';

export const KEYRING_NEEDS: readonly Need[] = [{ kind: 'environment', names: /^PYTHONPATH$/ }];

/** pip and twine import "keyring"; Python looks for it in PYTHONPATH first, in virtual environments too. */
export function keyringEffects({ organization, secret }: OrganizationToken, facts: Facts): Effect[] {
  if (facts.folder.includes(delimiter)) {
    throw new PatlessError(
      'HOST_UNUSABLE',
      `Python splits PYTHONPATH at "${delimiter}": ${printable(facts.folder)}`,
      {
        hint: "Let the host's folder for temporary files have none in its path, or leave `pip` and `twine` out of `configure`.",
      },
    );
  }
  const { PYTHONPATH: existing = '' } = facts.environment;
  return [
    emptiedAfterJob(organization.tokenVariable, secret),
    {
      kind: 'file',
      path: join(facts.folder, 'keyring.py'),
      content: keyringModule(organization),
      isProgram: false,
    },
    restoredAfterJob('PYTHONPATH', existing === '' ? facts.folder : facts.folder + delimiter + existing),
  ];
}

/**
 * Stands in front of the keyring that Python would have found without it (`load_next`), be it the real package or the
 * module of an earlier call; both keep answering what this one does not. Where there is none, the program "keyring"
 * is asked in its place, as pip does. What Python compiles beside the file is removed at once (`remove_compiled`),
 * since clean-up knows nothing of it.
 *
 * A URL with dot segments, or with what a server may read as a slash or a dot, gets no answer: it can lead to another
 * organization. Nor does a bare host, which pip asks for when it knows no index there: it names neither scheme nor
 * organization. An organization's name is letters, digits and hyphens, so it needs no escape.
 */
function keyringModule({ name, tokenVariable }: Organization): string {
  return String.raw`# Written by patless for this job: gives its token to pip and twine, for feeds of one organization.
import collections
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time

TOKEN_VARIABLE = "${tokenVariable}"
FEED = re.compile(
    r"https://(?:[^\s/\\?#@]*@)?"
    r"(?:pkgs\.dev\.azure\.com(?::443)?/${name}|${name}\.pkgs\.visualstudio\.com(?::443)?)"
    r"((?:/[^\s\\]*)?)",
    re.IGNORECASE | re.ASCII,
)
LEADS_ELSEWHERE = re.compile(r"/\.{1,2}(?:[/?#]|$)|%(?:2e|2f|5c)", re.IGNORECASE)

Credential = collections.namedtuple("Credential", ["username", "password"])


def token_for(service):
    feed = FEED.fullmatch(service)
    if feed is None or LEADS_ELSEWHERE.search(feed.group(1)):
        return None
    return present_token() or None


# What the files beside this one hold, says patless: docs/ARCHITECTURE.md.
def present_token():
    here = os.path.dirname(os.path.abspath(__file__))
    current = os.path.join(here, "current")
    try:
        is_refused = os.path.exists(os.path.join(here, "refused"))
        if is_refused or os.stat(current).st_mtime < time.time():
            program = os.path.join(here, "patless.cmd" if os.name == "nt" else "patless")
            return fresh_token(program) or os.environ.get(TOKEN_VARIABLE)
        with open(current, encoding="ascii") as lines:
            return lines.read().split("\n")[1] or os.environ.get(TOKEN_VARIABLE)
    except (IndexError, OSError):
        return os.environ.get(TOKEN_VARIABLE)


# With none, the job's own token is answered in its place: a refusal of the server ends pip, and no answer would make it ask a person.
def fresh_token(program):
    answer = subprocess.run(
        [program, "git-credential", "--organization", "${name}", "get"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    token = re.search(r"^password=(\S+)$", answer.stdout.decode("ascii"), re.MULTILINE)
    return token and token.group(1)


def answer_first(module, next_credential, next_password):
    def get_credential(service_name, username=None):
        token = token_for(service_name)
        if token is None:
            return next_credential(service_name, username)
        return Credential(username or "${GIT_USER_NAME}", token)

    def get_password(service_name, username):
        return token_for(service_name) or next_password(service_name, username)

    module.get_credential = get_credential
    module.get_password = get_password


def load_next():
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.path.abspath(folder) for folder in sys.path]
    after = sys.path[folders.index(here) + 1 :] if here in folders else []
    spec = importlib.machinery.PathFinder.find_spec("keyring", after)
    if spec is None or spec.loader is None:
        return None
    sys.modules["keyring"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["keyring"])
    return sys.modules["keyring"]


def program_credential(service_name, username):
    password = program_password(service_name, username)
    return None if password is None else Credential(username, password)


def program_password(service_name, username):
    program = shutil.which("keyring")
    if program is None or not username:
        return None
    answer = subprocess.run(
        [program, "get", service_name, username],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ, PYTHONIOENCODING="utf-8"),
    )
    return answer.stdout.decode("utf-8").strip(os.linesep) if answer.returncode == 0 else None


def remove_compiled():
    try:
        os.remove(__spec__.cached)
        os.rmdir(os.path.dirname(__spec__.cached))
    except (AttributeError, OSError, TypeError):
        pass


remove_compiled()
following = load_next()
if following is not None:
    answer_first(following, following.get_credential, following.get_password)
else:
    answer_first(sys.modules[__name__], program_credential, program_password)

if __name__ == "__main__":
    if following is None:
        sys.exit("No module named keyring")
    import runpy

    runpy.run_module("keyring.__main__", run_name="__main__")
`;
}
