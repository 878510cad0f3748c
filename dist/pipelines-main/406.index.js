export const id=406;export const ids=[406];export const modules={7247:(e,r,o)=>{o.d(r,{I:()=>d,q:()=>p});var s=o(6760),n=o(3027),t=o(7406),i=o(72),a=o(7094);let d=[{kind:"environment",names:/^PYTHONPATH$/}];function p({organization:e,secret:r},o){if(o.folder.includes(s.delimiter))throw new t.$("HOST_UNUSABLE",`Python splits PYTHONPATH at "${s.delimiter}": ${(0,a.g)(o.folder)}`,{hint:"Let the host's folder for temporary files have none in its path, or leave `pip` and `twine` out of `configure`."});let{PYTHONPATH:d=""}=o.environment;return[(0,n.UY)(e.tokenVariable,r),{kind:"file",path:(0,s.join)(o.folder,"keyring.py"),content:function({name:e,tokenVariable:r}){return String.raw`# Written by patless for this job: gives its token to pip and twine, for feeds of one organization.
import collections
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys

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
    return os.environ.get(TOKEN_VARIABLE) or None


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
`}(e),isProgram:!1},(0,n.mD)("PYTHONPATH",""===d?o.folder:o.folder+s.delimiter+d)]}},2406:(e,r,o)=>{o.r(r),o.d(r,{pip:()=>d});var s=o(3027),n=o(7406),t=o(7247),i=o(5878);let a=["pip.conf","pip.ini",...i.$t],d={name:"pip",needs:[...t.I,{kind:"environment",names:/^PIP_KEYRING_PROVIDER$/},{kind:"workspace-files",names:a}],plan(e,r){if("disabled"===r.environment.PIP_KEYRING_PROVIDER)throw new n.$("INPUT_INVALID",'The variable PIP_KEYRING_PROVIDER is set to "disabled".',{hint:"pip would never ask for the token. Unset it, or leave `pip` out of `configure`."});return(0,i._6)(e.organization,(0,i.hK)(a,r)),[...(0,t.q)(e,r),(0,s.mD)("PIP_KEYRING_PROVIDER","import")]}}},5878:(e,r,o)=>{o.d(r,{$t:()=>i,YJ:()=>p,_6:()=>d,hK:()=>a});var s=o(6760),n=o(7406),t=o(7094);let i=["requirements.txt","requirements-dev.txt","requirements.in","constraints.txt"];function a(e,{workspaceFiles:r}){return r.filter(({path:r})=>e.includes((0,s.basename)(r)))}function d(e,r){let o=l(e);for(let{path:s,text:n}of r)for(let[r,t]of n.split("\n").entries())if(!/^\s*[#;]/.test(t)&&[...t.matchAll(o)].map(([,e=""])=>e).some(e=>{var r;return""!==e&&(r=e,!/^\$\{?\w+\}?$/.test(r))}))throw m(s,r+1,`a URL of ${e.name} with a password in it`)}function p(e,r){let o=l(e);for(let{path:s,text:n}of r){let r={isOurs:!1,passwordLine:0};for(let[t,i]of n.split("\n").entries()){/^\[/.test(i)&&(r={isOurs:!1,passwordLine:0});let[,n="",a=""]=/^(repository|password)\s*[=:]\s*(\S+)/i.exec(i)??[];if("repository"===n.toLowerCase()&&a.search(o)>=0&&(r.isOurs=!0),"password"===n.toLowerCase()&&(r.passwordLine=t+1),r.isOurs&&r.passwordLine>0)throw m(s,r.passwordLine,`a password for a feed of ${e.name}`)}}}function l({name:e}){return RegExp(`https?://(?:[^\\s/@:"']*(?::([^\\s/@"']*))?@)?(?:pkgs\\.dev\\.azure\\.com(?::443)?/${e}(?=/|$)|${e}\\.pkgs\\.visualstudio\\.com(?=[/:]|$))`,"gi")}function m(e,r,o){return new n.$("INPUT_INVALID",`${(0,t.g)(e)}, line ${r}, holds ${o}.`,{hint:"The tool would use that password in place of the token. Remove user and password there, and revoke the password: it is in the history of the repository."})}}};
