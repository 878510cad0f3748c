export const id=614;export const ids=[614];export const modules={9614:(e,n,t)=>{t.r(n),t.d(n,{cargo:()=>d});var o=t(3027),r=t(7406),a=t(6760);function i(e){return`'${e.replaceAll("'","'\\''")}'`}function s(e){return e.replaceAll("%","%%")}let c="CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS",l=/[\\/]patless-[0-9a-f-]{36}[\\/]cargo-credential(?:\.cmd)?$/,d={name:"cargo",needs:[{kind:"environment",names:/^CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS$/}],plan({organization:e,secret:n},t){let d=function(e,{folder:n,program:t},o="win32"===process.platform){return{kind:"file",path:(0,a.join)(n,o?`${e}.cmd`:e),content:o?function({node:e,script:n},t){return`@echo off\r
setlocal DisableDelayedExpansion\r
set "node=${s(e)}"\r
if not exist "%node%" set "node=node"\r
"%node%" "${s(n)}" ${t} %*\r
`}(t,e):function({node:e,script:n},t){return`#!/bin/sh
node=${i(e)}
test -x "$node" || node=node
exec "$node" ${i(n)} ${t} "$@"
`}(t,e),isProgram:!0}}("cargo-credential",t);if(/\s/.test(d.path)){var f;throw f=t.folder,new r.$("HOST_UNUSABLE",`Cargo takes no credential provider from a path with spaces: ${f}`,{hint:"Move the runner's folder for temporary files to a path without spaces, or leave `cargo` out of `configure`."})}return[(0,o.UY)(e.tokenVariable,n),d,(0,o.mD)(c,[...function({environment:e}){let n=(e[c]??"").split(/\s+/).filter(e=>""!==e&&!l.test(e));return 0===n.length?["cargo:token"]:n}(t),d.path].join(" "))]}}}};
