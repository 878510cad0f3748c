export const id=954;export const ids=[954];export const modules={7247:(e,r,s)=>{s.d(r,{I:()=>d,q:()=>p});var o=s(6760),t=s(3027),n=s(7406),i=s(72),a=s(7094);let d=[{kind:"environment",names:/^PYTHONPATH$/}];function p({organization:e,secret:r},s){if(s.folder.includes(o.delimiter))throw new n.$("HOST_UNUSABLE",`Python splits PYTHONPATH at "${o.delimiter}": ${(0,a.g)(s.folder)}`,{hint:"Let the host's folder for temporary files have none in its path, or leave `pip` and `twine` out of `configure`."});let{PYTHONPATH:d=""}=s.environment;return[(0,t.UY)(e.tokenVariable,r),{kind:"file",path:(0,o.join)(s.folder,"keyring.py"),content:function({name:e,tokenVariable:r}){return String.raw`# Written by patless for this job: gives its token to pip and twine, for feeds of one organization.
import collections
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time

TOKEN_VARIABLE = "${r}"
FEED = re.compile(
    r"https://(?:[^\s/\\?#@]*@)?"
    r"(?:pkgs\.dev\.azure\.com(?::443)?/${e}|${e}\.pkgs\.visualstudio\.com(?::443)?)"
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
        [program, "git-credential", "--organization", "${e}", "get"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    token = re.search(r"^password=(\S+)$", answer.stdout.decode("ascii"), re.MULTILINE)
    return token and token.group(1)


def answer_first(module, next_credential, next_password):
    def get_credential(service_name, username=None):
        token = token_for(service_name)
        if token is None:
            return next_credential(service_name, username)
        return Credential(username or "${i.DY}", token)

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
`}(e),isProgram:!1},(0,t.mD)("PYTHONPATH",""===d?s.folder:s.folder+o.delimiter+d)]}},5878:(e,r,s)=>{s.d(r,{$t:()=>i,YJ:()=>p,_6:()=>d,hK:()=>a});var o=s(6760),t=s(7406),n=s(7094);let i=["requirements.txt","requirements-dev.txt","requirements.in","constraints.txt"];function a(e,{workspaceFiles:r}){return r.filter(({path:r})=>e.includes((0,o.basename)(r)))}function d(e,r){let s=l(e);for(let{path:o,text:t}of r)for(let[r,n]of t.split("\n").entries())if(!/^\s*[#;]/.test(n)&&[...n.matchAll(s)].map(([,e=""])=>e).some(e=>{var r;return""!==e&&(r=e,!/^\$\{?\w+\}?$/.test(r))}))throw m(o,r+1,`a URL of ${e.name} with a password in it`)}function p(e,r){let s=l(e);for(let{path:o,text:t}of r){let r={isOurs:!1,passwordLine:0};for(let[n,i]of t.split("\n").entries()){/^\[/.test(i)&&(r={isOurs:!1,passwordLine:0});let[,t="",a=""]=/^(repository|password)\s*[=:]\s*(\S+)/i.exec(i)??[];if("repository"===t.toLowerCase()&&a.search(s)>=0&&(r.isOurs=!0),"password"===t.toLowerCase()&&(r.passwordLine=n+1),r.isOurs&&r.passwordLine>0)throw m(o,r.passwordLine,`a password for a feed of ${e.name}`)}}}function l({name:e}){return RegExp(`https?://(?:[^\\s/@:"']*(?::([^\\s/@"']*))?@)?(?:pkgs\\.dev\\.azure\\.com(?::443)?/${e}(?=/|$)|${e}\\.pkgs\\.visualstudio\\.com(?=[/:]|$))`,"gi")}function m(e,r,s){return new t.$("INPUT_INVALID",`${(0,n.g)(e)}, line ${r}, holds ${s}.`,{hint:"The tool would use that password in place of the token. Remove user and password there, and revoke the password: it is in the history of the repository."})}},1954:(e,r,s)=>{s.r(r),s.d(r,{twine:()=>i});var o=s(7247),t=s(5878);let n=[".pypirc"],i={name:"twine",needs:[...o.I,{kind:"workspace-files",names:n}],plan(e,r){let s=(0,t.hK)(n,r);return(0,t._6)(e.organization,s),(0,t.YJ)(e.organization,s),(0,o.q)(e,r)}}}};
