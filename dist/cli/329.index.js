export const id=329;export const ids=[329];export const modules={4329:(e,t,i)=>{i.r(t),i.d(t,{gitCredential:()=>p});var n=i(2998);let o=/^([a-z0-9-]+)\.visualstudio\.com$/i,r=/(?:^|\/)\.{1,2}(?:\/|$)|\\/;var a=i(7406),s=i(72),l=i(9029),d=i(4953),c=i(5878),u=i(5868),h=i(1076),g=i(4762);let p={help:`
Usage: patless git-credential [SIGN-IN OPTIONS] get|store|erase

git starts this as a credential helper. It answers for https://${n.pl} and *.visualstudio.com, and for nothing else;
it stores nothing. After \`erase\`, by which git says that a server has refused the token, that token is not given again.
\`configure: git\` sets all this up in a job. At a desk, for one command or for good:

  git -c credential.helper= -c credential.useHttpPath=true \\
    -c credential.helper='!patless git-credential' clone https://${n.pl}/contoso/widgets/_git/app

git tells a helper the organization only when useHttpPath says so; without it, --organization names the one to answer for.

${h.Wk}

Exit codes: 0 answered, or nothing to answer; 1 no token, and git is told not to ask anybody else; 2 wrong options.
`,async run(e,t){let[i,...n]=e.toReversed(),o=(0,h.zz)(n.toReversed(),h.jy),r=(0,h.Lx)(o);return"get"===i?f(r,o,t):"erase"===i?w(r,t):d.DH}};async function f(e,t,i){let n=m(await v(i),e);if(void 0===n)return d.DH;try{let{secret:e,expiresOn:o}=await (0,u.C)({organization:n,options:t,...u.A},i),r=Math.floor(o.getTime()/1e3);return i.write(`username=${s.DY}
password=${e.reveal()}
password_expiry_utc=${r}
`),d.DH}catch(e){throw i.write("quit=1\n"),e}}async function w(e,t){let i=await v(t),n=m(i,e);if(void 0===n)return d.DH;let o=(0,c.T)(t.environment,n),r=o&&(0,g.eb)(o.folder,o.token);return void 0!==o&&void 0!==r&&r.secret.reveal()===i.password&&(0,g.TR)(o.folder,new l.z(i.password)),d.DH}async function v(e){let t=[];for await(let i of e.lines){if(""===i)break;let e=i.indexOf("=");e>0&&t.push([i.slice(0,e),i.slice(e+1)])}return Object.fromEntries(t)}function m(e,t){let{protocol:i,host:s="",path:l=""}=e;if(void 0===i&&void 0!==t)return t;if("https"!==i)return;if(s===n.pl&&""===l){if(void 0!==t)return t;throw new a.$("INPUT_INVALID","git does not say which organization it wants to reach.",{hint:`Let it: git config --global credential.https://${n.pl}.useHttpPath true. Or name one by --organization.`})}let d=function(e,t){if(r.test(t))return;let i=e.replace(/:443$/,"").toLowerCase();return i===n.pl?(0,n.H4)(t.split("/")[0]??""):(0,n.H4)(o.exec(i)?.[1]??"")}(s,l);return void 0===t||t.name===d?.name?d:void 0}},1076:(e,t,i)=>{i.d(t,{Lx:()=>u,Wk:()=>h,jy:()=>d,w1:()=>l,zz:()=>c});var n=i(7975),o=i(2998),r=i(7406),a=i(5560),s=i(7094);let l=["configure","export-env"],d=a.Q.filter(e=>!l.includes(e));function c(e,t){let i=Object.fromEntries(t.map(e=>[e,{type:"string"}]));return(0,n.parseArgs)({args:[...e],options:i}).values}function u({organization:e}){let t=void 0===e?void 0:(0,o.H4)(e.trim());if(void 0===e||void 0!==t)return t;throw new r.$("INPUT_INVALID",`\`organization\` names no organization: ${(0,s.g)(e)}`,{hint:"Give its name, https://dev.azure.com/NAME or https://NAME.visualstudio.com, without a project."})}let h=`
Who signs in is, unless an option says otherwise,
  - in a job that patless has set up: whoever that was;
  - elsewhere in CI: the job itself, by its ID token (--client-id and --organization are needed);
  - at a desk: whoever is signed in to the Azure CLI.

Sign-in options have the names and meanings of the action's inputs:
  --organization NAME     --client-id ID          --tenant-id ID
  --identity NAME         --token-file PATH       --audience URI
  --verify true|false     --expected-object-id ID --timeout-seconds N
  --allow-fork-trigger true|false                 --propagation-wait-seconds N
  --managed-identity-client-id ID
`.trim()}};
