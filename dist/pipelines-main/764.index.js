export const id=764;export const ids=[764];export const modules={4024:(e,t,n)=>{n.d(t,{VJ:()=>p,_M:()=>o,_O:()=>c,zj:()=>i});var r=n(2998);let s=/^https:\/\/(?:pkgs\.dev\.azure\.com(?::443)?\/([a-z0-9-]+)(?=\/)|([a-z0-9-]+)\.pkgs\.visualstudio\.com(?::443)?)(\/.*)?$/i,a=/(?:^|\/)\.{1,2}(?:\/|$)|[\\\s?#]|%(?:2e|2f|5c)/i;function i({name:e}){return[`https://${r.n}/${e}/`,`https://${e}.pkgs.visualstudio.com/`]}function o({name:e},t){return function(e){let[,t,n,i=""]=s.exec(e)??[];if(!a.test(i))return(0,r.H4)(t??n??"")}(t.replace(/^(https:\/\/)[^@/\\?#]*@/i,"$1"))?.name===e}function c(e){return e.split(/\r\n?|\n/).flatMap((e,t)=>[...e.matchAll(/https?:[\\/]{1,4}[^\s"'<>`,|]{1,2000}/gi)].flatMap(([e])=>URL.canParse(e)?[{url:new URL(e),line:t+1}]:[]))}function p({name:e},{hostname:t,pathname:n}){return t===`${e}.pkgs.visualstudio.com`||t===r.n&&n.toLowerCase().startsWith(`/${e}/`)}},7764:(e,t,n)=>{n.r(t),n.d(t,{npm:()=>h});var r=n(6760),s=n(4024),a=n(2998),i=n(3027),o=n(7406),c=n(7094),p=n(3876),l=n(3821);let u="pkgs.visualstudio.com",m=[".npmrc",".yarnrc",".yarnrc.yml","bunfig.toml","package.json","pnpm-workspace.yaml","package-lock.json","npm-shrinkwrap.json","yarn.lock","pnpm-lock.yaml"],h={name:"npm",needs:[{kind:"environment",names:/^(?:NPM_CONFIG_(?:USERCONFIG|REGISTRY)|npm_config_(?:userconfig|registry)|YARN_PLUGINS)$/},{kind:"user-file",name:"npmrc",variable:"NPM_CONFIG_USERCONFIG",path:".npmrc"},{kind:"workspace-files",names:m},{kind:"feeds"}],plan({organization:e,secret:t},n){var h;let _;!function({environment:e}){if(e.npm_config_userconfig)throw new o.$("INPUT_INVALID","The variable npm_config_userconfig is set.",{hint:"patless sets NPM_CONFIG_USERCONFIG, and npm might read either. Write the name in capitals where you set it."})}(n);let k=n.workspaceFiles.filter(({path:e})=>m.includes((0,r.basename)(e)));for(let t of k)!function({path:e,text:t},n){let s=RegExp(`^${f(n)}(?:/|$)`,"i");for(let[a,i]of t.split(/\r?\n/).entries()){let t=`${(0,c.g)(e)}, line ${a+1},`;if(".npmrc"===(0,r.basename)(e)&&function(e,t){let[,n="",r=""]=d.exec(e)??[],[,s="",a=""]=g.exec(e)??[];return t.test(n)&&!r.includes("${")||t.test(a)&&!s.includes("${")}(i,s))throw new o.$("INPUT_INVALID",`${t} holds a credential for ${n.name}, which npm prefers to the token.`,{hint:"Remove the line from the project, and revoke the credential: it is in the history of the repository."})}}(t,e);for(let t of[...k,...function({userFiles:e,environment:t}){let n=["NPM_CONFIG_REGISTRY","npm_config_registry"].flatMap(e=>t[e]?[{path:`the variable ${e}`,text:t[e]}]:[]);return[...e.npmrc?[e.npmrc]:[],...n]}(n)])!function({path:e,text:t},n){let r=(0,s._O)(t).find(({url:e})=>"http:"===e.protocol&&(0,s.VJ)(n,e));if(void 0!==r)throw new o.$("INPUT_INVALID",`${(0,c.g)(e)}, line ${r.line}, names a feed of ${n.name} by http://.`,{hint:"Write https:// there: npm would send the token without encryption."})}(t,e);let[y,N,w]=["npmrc","npm-no-certificate","yarn-plugin.cjs"].map(e=>(0,r.join)(n.folder,e)),v=[...function(e,t,{feeds:n}){let{name:r,tokenVariable:s}=e,i=t.map(({text:e})=>e),o=$([`//${a.n}/${r}`,`//${r}.${u}`,...i.flatMap(t=>{var n,r;return n=t,r=e,[...n.matchAll(RegExp(`//(?:[^\\s/@]{0,200}@)?(${f(r)})(?=/)`,"gi"))].map(([,e])=>`//${e}`)})]),c=n.flatMap(({name:e,project:t})=>o.map(n=>`${n}${void 0===t?"":`/${t}`}/_packaging/${e}/npm/`)),p=[...i.flatMap(t=>{var n,r;let s;return n=t,r=e,s=`(${f(r)}(?:/[^/"'<>\\r\\n]{1,100}){0,2}/_packaging/[^/"'<>\\s]{1,100}/npm/)`,[...n.matchAll(RegExp(`//(?:[^\\s/@]{0,200}@)?${s}`,"gi"))].map(([,e])=>`//${e}`)}),...c].flatMap(t=>(function(e,t){let{host:n,pathname:r}=new URL(`https:${e}`),s=`//${n}${r}`;return RegExp(`^//${f(t)}/`,"i").test(s)?[e,s].filter(e=>/^[\p{L}\p{N} ._~%@/!'()&+-]+$/u.test(e)):[]})(t,e)).flatMap(e=>[e,`${e}registry/`]),l=[r.charAt(0).toUpperCase()+r.slice(1),r.toUpperCase()];return $([...o.map(e=>`${e}/`),...l.map(e=>`//${a.n}/${e}/`),...p]).map(e=>`${e}:_authToken=$\{${s}}`)}(e,k,n),...(_={".yarnrc":/^/,"yarn.lock":/^# yarn lockfile v1$/m,"package.json":/"packageManager"\s*:\s*"yarn@1\./},k.some(({path:e,text:t})=>_[(0,r.basename)(e)]?.test(t))?["always-auth=true"]:[]),...(h=N,["certfile","keyfile"].map(e=>`//${a.n}/:${e}=${h}`))],I=(n.environment.YARN_PLUGINS??"").split(";").filter(e=>""!==e);return[(0,i.UY)(e.tokenVariable,t),{kind:"file",path:y,content:new p.z(function(e="",t){let n=e.split(/\r?\n/),r=t.filter(e=>!n.includes(e)),s=n.findIndex(e=>/^\s*\[/.test(e)),a=s<0?n:n.slice(0,s),i=s<0?[]:n.slice(s);return[...""===e||""===a.at(-1)?a.slice(0,-1):a,...r,...i,""].join("\n")}(n.userFiles.npmrc?.text,v)),isProgram:!1},{kind:"file",path:N,content:"",isProgram:!1},{kind:"file",path:w,content:function({name:e,tokenVariable:t,folderVariable:n},{script:r}){return`// Written by patless for this job; see YARN_PLUGINS.
const PLACE = /^https:\\/\\/(?:pkgs\\.dev\\.azure\\.com\\/${e}|${e}\\.pkgs\\.visualstudio\\.com)\\//i;
// Dot segments, and what a server may read as a slash or a dot: they can lead to another organization.
const LEADS_ELSEWHERE = /(?:^|\\/)\\.{1,2}(?:\\/|$)|%(?:2e|2f|5c)|\\\\/i;
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync, statSync } = require('node:fs');
const { env } = process;
const STAND_IN = 'patless-${e}';
// What the files of that folder hold, says patless: docs/ARCHITECTURE.md.
const presentToken = () => {
  try {
    const current = env.${n} + '/${l.di}';
    const isDue = existsSync(env.${n} + '/${l.ut}') || statSync(current).mtimeMs < Date.now();
    if (!isDue) return readFileSync(current, 'utf8').split('\\n')[1] || env.${t};
    const args = [${JSON.stringify(r)}, 'git-credential', '--organization', '${e}', 'get'];
    const answer = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
    return /^password=(\\S+)$/m.exec(answer)[1];
  } catch {
    return env.${t};
  }
};
const isOurs = (target) => {
  const { href, pathname } = new URL(target);
  // Yarn writes the slash in a scoped name so.
  const path = pathname.replace(/\\/@[^/%]+%2f/i, '/');
  return PLACE.test(href) && !LEADS_ELSEWHERE.test(path) && !!env.${t};
};
module.exports = {
  name: 'patless-${e}',
  factory: () => ({
    hooks: {
      getNpmAuthenticationHeader: async (header, registry) => header ?? (isOurs(registry + '/') ? STAND_IN : undefined),
      wrapNetworkRequest: async (executor, request) => {
        const { authorization, ...headers } = request.headers ?? {};
        if (isOurs(request.target)) request.headers = { ...headers, authorization: 'Bearer ' + presentToken() };
        else if (authorization === STAND_IN) request.headers = headers;
        return executor;
      },
    },
  }),
};
`}(e,n.program),isProgram:!1},(0,i.mD)("NPM_CONFIG_USERCONFIG",y),(0,i.mD)("YARN_PLUGINS",[...I,w].join(";"))]}};function f({name:e}){return`(?:${a.n}/${e}|${e}.${u})`.replaceAll(".","\\.")}function $(e){return[...new Set(e)]}let d=/^\s*"?\/\/([^=\s"]+?)\/?:(?:_authToken|_auth|_password)"?\s*=\s*(.+)$/,g=/\/\/[^\s/@:]{0,100}:([^\s/@]{1,300})@([^\s"']+)/}};
