export const id=257;export const ids=[257];export const modules={257:(e,t,n)=>{n.r(t),n.d(t,{cli:()=>o});let o={name:"cli",needs:[],plan:(e,{folder:t})=>[{kind:"path",folder:t}]}}};
