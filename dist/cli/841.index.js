export const id=841;export const ids=[841];export const modules={1076:(e,t,n)=>{n.d(t,{Lx:()=>c,Wk:()=>h,jy:()=>u,w1:()=>d,zz:()=>l});var i=n(7975),o=n(2998),a=n(7406),s=n(8984),r=n(7094);let d=["configure","export-env"],u=Object.values(s.Fu).map(({name:e})=>e).filter(e=>!d.includes(e));function l(e,t){let n=Object.fromEntries(t.map(e=>[e,{type:"string"}]));return(0,i.parseArgs)({args:[...e],options:n}).values}function c({organization:e}){let t=void 0===e?void 0:(0,o.H4)(e.trim());if(void 0===e||void 0!==t)return t;throw new a.$("INPUT_INVALID",`\`organization\` names no organization: ${(0,r.g)(e)}`,{hint:"Give its name, https://dev.azure.com/NAME or https://NAME.visualstudio.com, without a project."})}let h=`
Who signs in is, unless an option says otherwise,
  - in a job that patless has set up: whoever that was;
  - elsewhere in CI: the job itself, by its ID token (--client-id and --organization are needed);
  - at a desk: whoever is signed in to the Azure CLI.

Sign-in options have the names and meanings of the action's inputs:
  --organization NAME     --client-id ID          --tenant-id ID
  --identity NAME         --token-file PATH       --audience URI
  --verify true|false     --expected-object-id ID --timeout-seconds N
  --allow-fork-trigger true|false                 --propagation-wait-seconds N
`.trim()},4841:(e,t,n)=>{n.r(t),n.d(t,{token:()=>h});var i=n(5558),o=n(7406),a=n(8961),s=n(7094),r=n(3821),d=n(4953),u=n(5868),l=n(1076);let c="--json",h={help:`
Usage: patless token [--organization NAME] [--min-validity SECONDS] [--json] [SIGN-IN OPTIONS]

Prints one line, an access token to Azure DevOps, and nothing else. A token that the job has already is printed again
while it lasts; a new one is fetched when less than --min-validity seconds are left (${r.Pc} unless given, at most
3600), and later calls of the same job get that one. In GitHub Actions and Azure Pipelines the token is masked first,
by lines on standard error: do not send that to a file.

  --json   prints an object in its place: token, expires-on, expires-in, tenant-id, object-id, token-id, which mean
           what the action's outputs of these names mean

${l.Wk}

Exit codes: 0 the token was printed; 1 there is none, and standard error says why; 2 wrong options.

  curl -H "Authorization: Bearer $(patless token --organization contoso)" \\
    https://dev.azure.com/contoso/_apis/projects?api-version=7.1
`,async run(e,t){let{"min-validity":n="",...h}=(0,l.zz)(e.filter(e=>e!==c),["min-validity",...l.jy]),p={organization:(0,l.Lx)(h),options:h,leastSeconds:""===n?r.Pc:function(e){let t=/^\d{1,4}$/.test(e)?Number(e):0/0;if(t<=3600)return t;throw new o.$("INPUT_INVALID",`--min-validity takes no ${(0,s.g)(e)}.`,{hint:"Give a whole number of seconds, from 0 to 3600: tokens live about an hour."})}(n),orJustMinted:!1},f=await (0,u.C)(p,t),g=e.includes(c);return t.write(`${g?JSON.stringify(function({secret:e,expiresOn:t},n){let{tenantId:o,objectId:s,tokenId:r}=(0,i.mi)(e,{});return{token:e.reveal(),"expires-on":(0,a.nR)(t),"expires-in":String(Math.floor((t.getTime()-n)/1e3)),"tenant-id":o,"object-id":s,"token-id":r}}(f,t.clock.now())):f.secret.reveal()}
`),d.DH}}},5558:(e,t,n)=>{n.d(t,{$P:()=>h,Dh:()=>u,mi:()=>l});var i=n(7406),o=n(3720),a=n(4715),s=n(2384),r=n(7094);let d=/^[A-Za-z0-9._~+/=-]{20,16384}$/;function u(e){return d.test(e.reveal())}function l(e,{clientId:t,tenantId:n=""}){let i=(0,s.d)(e.reveal()),d=e=>(0,r.g)((0,a.SA)(i,e)??"").toLowerCase(),u=e=>o.S.test(d(e))?d(e):"";return void 0!==i&&(void 0!==t&&c("appid",d("appid"),t),o.S.test(n)&&c("tid",d("tid"),n)),{tenantId:u("tid")||n,objectId:u("oid"),tokenId:/^[\w-]+$/.exec((0,a.SA)(i,"uti")??"")?.[0]??""}}function c(e,t,n){if(t.toLowerCase()!==n.toLowerCase())throw new i.$("IDENTITY_UNEXPECTED",`The access token's ${e} is "${t}", not "${n}" as asked.`,{hint:"Check `client-id` and `tenant-id`. If they are right, do not trust the network of this runner."})}function h(e){return"number"==typeof e||"string"==typeof e&&/^\d+$/.test(e)?Math.floor(Number(e)):0/0}},8961:(e,t,n)=>{n.d(t,{OG:()=>s,V4:()=>o,nR:()=>a});let i=["token","expires-on","expires-in","tenant-id","object-id","identity-name","token-id"];function o(e,t,n){let o={token:e.secret,"expires-on":a(e.expiresOn),"expires-in":String(Math.floor((e.expiresOn.getTime()-n.now())/1e3)),"tenant-id":e.tenantId,"object-id":e.objectId,"identity-name":t?.identityName??"","token-id":e.tokenId};return i.map(e=>({kind:"output",name:e,value:o[e]}))}function a(e){return e.toISOString().replace(/\.\d+Z$/,"Z")}function s(e,t,n){return[function({holder:e,objectId:t,tenantId:n},i){if("job"===e)return`Uses the job's own token${i&&`, as "${i}"`}.`;let o=i&&`"${i}", `;return`Signed in as ${o}object ID ${t||"unknown"}, tenant ${n}.`}(e,t?.identityName??""),`Organization: ${function(e){if(void 0===e)return"none given, so Azure DevOps was not asked";let{url:t}=e.organization;return void 0===e.identityName?`${t} (not verified)`:`${t}, which knows this identity`}(t)}.`,`Valid until ${a(e.expiresOn)}.`,`For later steps: ${["outputs",...n].join(", ")}.`,..."job"===e.holder?[]:[`In the Entra sign-in log: unique token identifier ${e.tokenId||"unknown"}.`]]}}};
