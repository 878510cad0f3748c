export const id=406;export const ids=[406];export const modules={7247:(e,r,n)=>{n.d(r,{I:()=>d,q:()=>l});var t=n(6760),o=n(3027),s=n(7406),i=n(72),a=n(7094);let d=[{kind:"environment",names:/^PYTHONPATH$/}];function l({organization:e,secret:r},n){if(n.folder.includes(t.delimiter))throw new s.$("HOST_UNUSABLE",`Python splits PYTHONPATH at "${t.delimiter}": ${(0,a.g)(n.folder)}`,{hint:"Let the host's folder for temporary files have none in its path, or leave `pip` and `twine` out of `configure`."});let{PYTHONPATH:d=""}=n.environment;return[(0,o.UY)(e.tokenVariable,r),{kind:"file",path:(0,t.join)(n.folder,"keyring.py"),content:function({name:e,tokenVariable:r}){return String.raw`# Written by patless for this job: gives its token to pip and twine, for feeds of one organization.
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
            return fresh_token(os.path.join(here, "patless.cmd" if os.name == "nt" else "patless"))
        with open(current, encoding="ascii") as lines:
            return lines.read().split("\n")[1] or os.environ.get(TOKEN_VARIABLE)
    except (IndexError, OSError):
        return os.environ.get(TOKEN_VARIABLE)


def fresh_token(program):
    answer = subprocess.run(
        [program, "token", "--organization", "${e}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    return answer.stdout.decode("ascii").strip()


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
`}(e),isProgram:!1},(0,o.mD)("PYTHONPATH",""===d?n.folder:n.folder+t.delimiter+d)]}},2406:(e,r,n)=>{n.r(r),n.d(r,{pip:()=>d});var t=n(3027),o=n(7406),s=n(7247),i=n(5878);let a=["pip.conf","pip.ini",...i.$t],d={name:"pip",needs:[...s.I,{kind:"environment",names:/^PIP_KEYRING_PROVIDER$/},{kind:"workspace-files",names:a}],plan(e,r){if("disabled"===r.environment.PIP_KEYRING_PROVIDER)throw new o.$("INPUT_INVALID",'The variable PIP_KEYRING_PROVIDER is set to "disabled".',{hint:"pip would never ask for the token. Unset it, or leave `pip` out of `configure`."});return(0,i._6)(e.organization,(0,i.hK)(a,r)),[...(0,s.q)(e,r),(0,t.mD)("PIP_KEYRING_PROVIDER","import")]}}},5878:(e,r,n)=>{n.d(r,{$t:()=>i,YJ:()=>l,_6:()=>d,hK:()=>a});var t=n(6760),o=n(7406),s=n(7094);let i=["requirements.txt","requirements-dev.txt","requirements.in","constraints.txt"];function a(e,{workspaceFiles:r}){return r.filter(({path:r})=>e.includes((0,t.basename)(r)))}function d(e,r){let n=p(e);for(let{path:t,text:o}of r)for(let[r,s]of o.split("\n").entries())if(!/^\s*[#;]/.test(s)&&[...s.matchAll(n)].map(([,e=""])=>e).some(e=>{var r;return""!==e&&(r=e,!/^\$\{?\w+\}?$/.test(r))}))throw f(t,r+1,`a URL of ${e.name} with a password in it`)}function l(e,r){let n=p(e);for(let{path:t,text:o}of r){let r={isOurs:!1,passwordLine:0};for(let[s,i]of o.split("\n").entries()){/^\[/.test(i)&&(r={isOurs:!1,passwordLine:0});let[,o="",a=""]=/^(repository|password)\s*[=:]\s*(\S+)/i.exec(i)??[];if("repository"===o.toLowerCase()&&a.search(n)>=0&&(r.isOurs=!0),"password"===o.toLowerCase()&&(r.passwordLine=s+1),r.isOurs&&r.passwordLine>0)throw f(t,r.passwordLine,`a password for a feed of ${e.name}`)}}}function p({name:e}){return RegExp(`https?://(?:[^\\s/@:"']*(?::([^\\s/@"']*))?@)?(?:pkgs\\.dev\\.azure\\.com(?::443)?/${e}(?=/|$)|${e}\\.pkgs\\.visualstudio\\.com(?=[/:]|$))`,"gi")}function f(e,r,n){return new o.$("INPUT_INVALID",`${(0,s.g)(e)}, line ${r}, holds ${n}.`,{hint:"The tool would use that password in place of the token. Remove user and password there, and revoke the password: it is in the history of the repository."})}},3027:(e,r,n)=>{n.d(r,{Bb:()=>p,UY:()=>i,dK:()=>l,jP:()=>d,mD:()=>a,tN:()=>f});var t=n(6760),o=n(9198),s=n(9029);function i(e,r){return{kind:"environment",name:e,value:r,restore:!1}}function a(e,r){return{kind:"environment",name:e,value:r,restore:!0}}function d(e){return[...new Map(e.map(e=>[JSON.stringify(e),e])).values()]}async function l(e,r){e.length>0&&await r.mask(e.map(e=>e.reveal()))}function p(e,r){var n,i;let a,d,l=(n=e,i=r,a=n.flatMap(e=>"file"===e.kind?[(0,t.dirname)(e.path)]:[]),d=n.flatMap(e=>"environment"===e.kind?[{variable:e.name,before:e.restore?i.environment[e.name]??"":""}]:[]),[...[...new Set(a)].map(e=>({folder:e})),...d]);for(let n of e)"note"===n.kind&&r.log(`Note: ${n.text}`);let p=r.beginWrites(JSON.stringify(l));try{for(let n of e)!function(e,r){if("file"===e.kind){let{path:r,content:n,isProgram:t,modified:s}=e;(0,o.qf)(r,{content:m(n),isProgram:t,modified:s})}else"path"===e.kind?r.addPath(e.folder):"output"===e.kind?r.setOutput(e.name,m(e.value),e.value instanceof s.z):"environment"===e.kind&&r.setEnvironment(e.name,m(e.value))}(n,r)}catch(e){for(let e of(p(),l))"folder"in e&&(0,o.v$)(e.folder);throw e}}function f(e,r){for(let n of e)"folder"in n?(0,o.v$)(n.folder):r.setEnvironment(n.variable,n.before)}function m(e){return e instanceof s.z?e.reveal():e}},9198:(e,r,n)=>{n.d(r,{Af:()=>d,HC:()=>p,TF:()=>f,qf:()=>l,v$:()=>m});var t=n(7598),o=n(3024),s=n(6760),i=n(7406),a=n(7094);function d(e,r){return(0,s.join)(e,`patless-${r}`)}function l(e,{content:r,isProgram:n=!1,modified:t}){try{(0,o.existsSync)((0,s.dirname)(e))||(0,o.mkdirSync)((0,s.dirname)(e),{mode:448}),(0,o.writeFileSync)(e,r,{flag:"wx",mode:n?448:384}),void 0!==t&&(0,o.utimesSync)(e,t,t)}catch(r){throw new i.$("HOST_UNUSABLE",`Cannot write to ${(0,a.g)((0,s.dirname)(e))}.`,{hint:"The host's folder for temporary files (RUNNER_TEMP, Agent.TempDirectory) has to be there, and this user has to be able to write to it.",cause:r})}}function p(e,r){let n=`${e}.${(0,t.randomUUID)()}`;try{l(n,r),(0,o.renameSync)(n,e)}finally{(0,o.rmSync)(n,{force:!0})}}function f(e){(0,o.rmSync)(e,{force:!0})}function m(e){(0,o.rmSync)(e,{recursive:!0,force:!0})}}};
