export const id=764;export const ids=[764];export const modules={7764:(e,t,n)=>{n.r(t),n.d(t,{npm:()=>m});var r=n(6760),a=n(2998),s=n(3027),i=n(7406),o=n(7094),p=n(3876);let c="pkgs.visualstudio.com",l=[".npmrc",".yarnrc",".yarnrc.yml","bunfig.toml","package.json","pnpm-workspace.yaml","package-lock.json","yarn.lock"],m={name:"npm",needs:[{kind:"environment",names:/^(?:NPM_CONFIG_USERCONFIG|npm_config_userconfig|YARN_PLUGINS)$/},{kind:"user-file",name:"npmrc",variable:"NPM_CONFIG_USERCONFIG",path:".npmrc"},{kind:"workspace-files",names:l},{kind:"feeds"}],plan({organization:e,secret:t},n){var m;let g;!function({environment:e}){if(e.npm_config_userconfig)throw new i.$("INPUT_INVALID","The variable npm_config_userconfig is set.",{hint:"patless sets NPM_CONFIG_USERCONFIG, and npm might read either. Write the name in capitals where you set it."})}(n);let N=n.workspaceFiles.filter(({path:e})=>l.includes((0,r.basename)(e)));for(let t of N)!function({path:e,text:t},n){let a=RegExp(`^${h(n)}(?:/|$)`,"i");for(let[s,p]of t.split(/\r?\n/).entries()){let t=`${(0,o.g)(e)}, line ${s+1},`;if(".npmrc"===(0,r.basename)(e)&&function(e,t){let[,n="",r=""]=$.exec(e)??[],[,a="",s=""]=f.exec(e)??[];return t.test(n)&&!r.includes("${")||t.test(s)&&!a.includes("${")}(p,a))throw new i.$("INPUT_INVALID",`${t} holds a credential for ${n.name}, which npm prefers to the token.`,{hint:"Remove the line from the project, and revoke the credential: it is in the history of the repository."});if(a.test(d.exec(p)?.[1]??""))throw new i.$("INPUT_INVALID",`${t} names a feed of ${n.name} by http://.`,{hint:"Write https:// there: npm would send the token without encryption."})}}(t,e);let[_,k,y]=["npmrc","npm-no-certificate","yarn-plugin.cjs"].map(e=>(0,r.join)(n.folder,e)),I=[...function(e,t,{feeds:n}){let{name:r,tokenVariable:s}=e,i=t.map(({text:e})=>e),o=u([`//${a.n}/${r}`,`//${r}.${c}`,...i.flatMap(t=>{var n,r;return n=t,r=e,[...n.matchAll(RegExp(`//(?:[^\\s/@]{0,200}@)?(${h(r)})(?=/)`,"gi"))].map(([,e])=>`//${e}`)})]),p=n.flatMap(({name:e,project:t})=>o.map(n=>`${n}${void 0===t?"":`/${t}`}/_packaging/${e}/npm/`)),l=[...i.flatMap(t=>{var n,r;let a;return n=t,r=e,a=`(${h(r)}(?:/[^/"'<>\\r\\n]{1,100}){0,2}/_packaging/[^/"'<>\\s]{1,100}/npm/)`,[...n.matchAll(RegExp(`//(?:[^\\s/@]{0,200}@)?${a}`,"gi"))].map(([,e])=>`//${e}`)}),...p].flatMap(t=>(function(e,t){let{host:n,pathname:r}=new URL(`https:${e}`),a=`//${n}${r}`;return RegExp(`^//${h(t)}/`,"i").test(a)?[e,a].filter(e=>/^[\p{L}\p{N} ._~%@/!'()&+-]+$/u.test(e)):[]})(t,e)).flatMap(e=>[e,`${e}registry/`]),m=[r.charAt(0).toUpperCase()+r.slice(1),r.toUpperCase()];return u([...o.map(e=>`${e}/`),...m.map(e=>`//${a.n}/${e}/`),...l]).map(e=>`${e}:_authToken=$\{${s}}`)}(e,N,n),...(g={".yarnrc":/^/,"yarn.lock":/^# yarn lockfile v1$/m,"package.json":/"packageManager"\s*:\s*"yarn@1\./},N.some(({path:e,text:t})=>g[(0,r.basename)(e)]?.test(t))?["always-auth=true"]:[]),...(m=k,["certfile","keyfile"].map(e=>`//${a.n}/:${e}=${m}`))],w=(n.environment.YARN_PLUGINS??"").split(";").filter(e=>""!==e);return[(0,s.UY)(e.tokenVariable,t),{kind:"file",path:_,content:new p.z(function(e="",t){let n=e.split(/\r?\n/),r=t.filter(e=>!n.includes(e));return`${e}${""===e||e.endsWith("\n")?"":"\n"}${r.map(e=>`${e}
`).join("")}`}(n.userFiles.npmrc?.text,I)),isProgram:!1},{kind:"file",path:k,content:"",isProgram:!1},{kind:"file",path:y,content:function({name:e,tokenVariable:t}){return`// Written by patless for this job; see YARN_PLUGINS.
const PLACE = /^https:\\/\\/(?:pkgs\\.dev\\.azure\\.com\\/${e}|${e}\\.pkgs\\.visualstudio\\.com)\\//i;
// Dot segments, and what a server may read as a slash or a dot: they can lead to another organization.
const LEADS_ELSEWHERE = /(?:^|\\/)\\.{1,2}(?:\\/|$)|%(?:2e|2f|5c)|\\\\/i;
const { env } = process;
const STAND_IN = 'patless-${e}';
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
        if (isOurs(request.target)) request.headers = { ...headers, authorization: 'Bearer ' + env.${t} };
        else if (authorization === STAND_IN) request.headers = headers;
        return executor;
      },
    },
  }),
};
`}(e),isProgram:!1},(0,s.mD)("NPM_CONFIG_USERCONFIG",_),(0,s.mD)("YARN_PLUGINS",[...w,y].join(";"))]}};function h({name:e}){return`(?:${a.n}/${e}|${e}.${c})`.replaceAll(".","\\.")}function u(e){return[...new Set(e)]}let $=/^\s*"?\/\/([^=\s"]+?)\/?:(?:_authToken|_auth|_password)"?\s*=\s*(.+)$/,f=/\/\/[^\s/@:]{0,100}:([^\s/@]{1,300})@([^\s"']+)/,d=/\bhttp:\/\/(?:[^\s/@]{0,200}@)?([^\s"']+)/}};
