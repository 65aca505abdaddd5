// Made of rnnbook/widgets/js by "make widgets"; change it there.
/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var t=globalThis,i=t2=>t2,s=t.trustedTypes,e=s?s.createPolicy("lit-html",{createHTML:t2=>t2}):void 0,h="$lit$",o=`lit$${Math.random().toFixed(9).slice(2)}$`,
n="?"+o,r=`<${n}>`,l=document,c=()=>l.createComment(""),a=t2=>t2===null||typeof t2!="object"&&typeof t2!="function",u=Array.isArray,d=t2=>u(t2)||typeof t2?.[Symbol.
iterator]=="function",f=`[ 	
\f\r]`,v=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_=/-->/g,m=/>/g,p=RegExp(`>|${f}(?:([^\\s"'>=/]+)(${f}*=${f}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),g=/'/g,$=/"/g,y=/^(?:script|style|textarea|title)$/i,x=t2=>(i2,...s2)=>({_$litType$:t2,strings:i2,values:s2}),b=x(1),w=x(2),T=x(3),
E=Symbol.for("lit-noChange"),A=Symbol.for("lit-nothing"),C=new WeakMap,P=l.createTreeWalker(l,129);function V(t2,i2){if(!u(t2)||!t2.hasOwnProperty("raw"))throw Error(
"invalid template strings array");return e!==void 0?e.createHTML(i2):i2}var N=(t2,i2)=>{let s2=t2.length-1,e2=[],n2,l2=i2===2?"<svg>":i2===3?"<math>":"",c2=v;for(let i3=0;i3<
s2;i3++){let s3=t2[i3],a2,u2,d2=-1,f2=0;for(;f2<s3.length&&(c2.lastIndex=f2,u2=c2.exec(s3),u2!==null);)f2=c2.lastIndex,c2===v?u2[1]==="!--"?c2=_:u2[1]!==void 0?
c2=m:u2[2]!==void 0?(y.test(u2[2])&&(n2=RegExp("</"+u2[2],"g")),c2=p):u2[3]!==void 0&&(c2=p):c2===p?u2[0]===">"?(c2=n2??v,d2=-1):u2[1]===void 0?d2=-2:(d2=c2.lastIndex-
u2[2].length,a2=u2[1],c2=u2[3]===void 0?p:u2[3]==='"'?$:g):c2===$||c2===g?c2=p:c2===_||c2===m?c2=v:(c2=p,n2=void 0);let x2=c2===p&&t2[i3+1].startsWith("/>")?" ":
"";l2+=c2===v?s3+r:d2>=0?(e2.push(a2),s3.slice(0,d2)+h+s3.slice(d2)+o+x2):s3+o+(d2===-2?i3:x2)}return[V(t2,l2+(t2[s2]||"<?>")+(i2===2?"</svg>":i2===3?"</math>":
"")),e2]},S=class _S{constructor({strings:t2,_$litType$:i2},e2){let r2;this.parts=[];let l2=0,a2=0,u2=t2.length-1,d2=this.parts,[f2,v2]=N(t2,i2);if(this.el=_S.createElement(
f2,e2),P.currentNode=this.el.content,i2===2||i2===3){let t3=this.el.content.firstChild;t3.replaceWith(...t3.childNodes)}for(;(r2=P.nextNode())!==null&&d2.length<
u2;){if(r2.nodeType===1){if(r2.hasAttributes())for(let t3 of r2.getAttributeNames())if(t3.endsWith(h)){let i3=v2[a2++],s2=r2.getAttribute(t3).split(o),e3=/([.?@])?(.*)/.
exec(i3);d2.push({type:1,index:l2,name:e3[2],strings:s2,ctor:e3[1]==="."?I:e3[1]==="?"?L:e3[1]==="@"?z:H}),r2.removeAttribute(t3)}else t3.startsWith(o)&&(d2.push(
{type:6,index:l2}),r2.removeAttribute(t3));if(y.test(r2.tagName)){let t3=r2.textContent.split(o),i3=t3.length-1;if(i3>0){r2.textContent=s?s.emptyScript:"";for(let s2=0;s2<
i3;s2++)r2.append(t3[s2],c()),P.nextNode(),d2.push({type:2,index:++l2});r2.append(t3[i3],c())}}}else if(r2.nodeType===8)if(r2.data===n)d2.push({type:2,index:l2});else{
let t3=-1;for(;(t3=r2.data.indexOf(o,t3+1))!==-1;)d2.push({type:7,index:l2}),t3+=o.length-1}l2++}}static createElement(t2,i2){let s2=l.createElement("template");
return s2.innerHTML=t2,s2}};function M(t2,i2,s2=t2,e2){if(i2===E)return i2;let h2=e2!==void 0?s2._$Co?.[e2]:s2._$Cl,o2=a(i2)?void 0:i2._$litDirective$;return h2?.
constructor!==o2&&(h2?._$AO?.(!1),o2===void 0?h2=void 0:(h2=new o2(t2),h2._$AT(t2,s2,e2)),e2!==void 0?(s2._$Co??=[])[e2]=h2:s2._$Cl=h2),h2!==void 0&&(i2=M(t2,h2.
_$AS(t2,i2.values),h2,e2)),i2}var R=class{constructor(t2,i2){this._$AV=[],this._$AN=void 0,this._$AD=t2,this._$AM=i2}get parentNode(){return this._$AM.parentNode}get _$AU(){
return this._$AM._$AU}u(t2){let{el:{content:i2},parts:s2}=this._$AD,e2=(t2?.creationScope??l).importNode(i2,!0);P.currentNode=e2;let h2=P.nextNode(),o2=0,n2=0,r2=s2[0];
for(;r2!==void 0;){if(o2===r2.index){let i3;r2.type===2?i3=new k(h2,h2.nextSibling,this,t2):r2.type===1?i3=new r2.ctor(h2,r2.name,r2.strings,this,t2):r2.type===
6&&(i3=new Z(h2,this,t2)),this._$AV.push(i3),r2=s2[++n2]}o2!==r2?.index&&(h2=P.nextNode(),o2++)}return P.currentNode=l,e2}p(t2){let i2=0;for(let s2 of this._$AV)
s2!==void 0&&(s2.strings!==void 0?(s2._$AI(t2,s2,i2),i2+=s2.strings.length-2):s2._$AI(t2[i2])),i2++}},k=class _k{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t2,i2,s2,e2){
this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=t2,this._$AB=i2,this._$AM=s2,this.options=e2,this._$Cv=e2?.isConnected??!0}get parentNode(){let t2=this._$AA.
parentNode,i2=this._$AM;return i2!==void 0&&t2?.nodeType===11&&(t2=i2.parentNode),t2}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t2,i2=this){
t2=M(this,t2,i2),a(t2)?t2===A||t2==null||t2===""?(this._$AH!==A&&this._$AR(),this._$AH=A):t2!==this._$AH&&t2!==E&&this._(t2):t2._$litType$!==void 0?this.$(t2):t2.
nodeType!==void 0?this.T(t2):d(t2)?this.k(t2):this._(t2)}O(t2){return this._$AA.parentNode.insertBefore(t2,this._$AB)}T(t2){this._$AH!==t2&&(this._$AR(),this._$AH=
this.O(t2))}_(t2){this._$AH!==A&&a(this._$AH)?this._$AA.nextSibling.data=t2:this.T(l.createTextNode(t2)),this._$AH=t2}$(t2){let{values:i2,_$litType$:s2}=t2,e2=typeof s2==
"number"?this._$AC(t2):(s2.el===void 0&&(s2.el=S.createElement(V(s2.h,s2.h[0]),this.options)),s2);if(this._$AH?._$AD===e2)this._$AH.p(i2);else{let t3=new R(e2,this),
s3=t3.u(this.options);t3.p(i2),this.T(s3),this._$AH=t3}}_$AC(t2){let i2=C.get(t2.strings);return i2===void 0&&C.set(t2.strings,i2=new S(t2)),i2}k(t2){u(this._$AH)||
(this._$AH=[],this._$AR());let i2=this._$AH,s2,e2=0;for(let h2 of t2)e2===i2.length?i2.push(s2=new _k(this.O(c()),this.O(c()),this,this.options)):s2=i2[e2],s2._$AI(
h2),e2++;e2<i2.length&&(this._$AR(s2&&s2._$AB.nextSibling,e2),i2.length=e2)}_$AR(t2=this._$AA.nextSibling,s2){for(this._$AP?.(!1,!0,s2);t2!==this._$AB;){let s3=i(
t2).nextSibling;i(t2).remove(),t2=s3}}setConnected(t2){this._$AM===void 0&&(this._$Cv=t2,this._$AP?.(t2))}},H=class{get tagName(){return this.element.tagName}get _$AU(){
return this._$AM._$AU}constructor(t2,i2,s2,e2,h2){this.type=1,this._$AH=A,this._$AN=void 0,this.element=t2,this.name=i2,this._$AM=e2,this.options=h2,s2.length>2||
s2[0]!==""||s2[1]!==""?(this._$AH=Array(s2.length-1).fill(new String),this.strings=s2):this._$AH=A}_$AI(t2,i2=this,s2,e2){let h2=this.strings,o2=!1;if(h2===void 0)
t2=M(this,t2,i2,0),o2=!a(t2)||t2!==this._$AH&&t2!==E,o2&&(this._$AH=t2);else{let e3=t2,n2,r2;for(t2=h2[0],n2=0;n2<h2.length-1;n2++)r2=M(this,e3[s2+n2],i2,n2),r2===
E&&(r2=this._$AH[n2]),o2||=!a(r2)||r2!==this._$AH[n2],r2===A?t2=A:t2!==A&&(t2+=(r2??"")+h2[n2+1]),this._$AH[n2]=r2}o2&&!e2&&this.j(t2)}j(t2){t2===A?this.element.
removeAttribute(this.name):this.element.setAttribute(this.name,t2??"")}},I=class extends H{constructor(){super(...arguments),this.type=3}j(t2){this.element[this.
name]=t2===A?void 0:t2}},L=class extends H{constructor(){super(...arguments),this.type=4}j(t2){this.element.toggleAttribute(this.name,!!t2&&t2!==A)}},z=class extends H{constructor(t2,i2,s2,e2,h2){
super(t2,i2,s2,e2,h2),this.type=5}_$AI(t2,i2=this){if((t2=M(this,t2,i2,0)??A)===E)return;let s2=this._$AH,e2=t2===A&&s2!==A||t2.capture!==s2.capture||t2.once!==
s2.once||t2.passive!==s2.passive,h2=t2!==A&&(s2===A||e2);e2&&this.element.removeEventListener(this.name,this,s2),h2&&this.element.addEventListener(this.name,this,
t2),this._$AH=t2}handleEvent(t2){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t2):this._$AH.handleEvent(t2)}},Z=class{constructor(t2,i2,s2){
this.element=t2,this.type=6,this._$AN=void 0,this._$AM=i2,this.options=s2}get _$AU(){return this._$AM._$AU}_$AI(t2){M(this,t2)}};var B=t.litHtmlPolyfillSupport;B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");var D=(t2,i2,s2)=>{let e2=s2?.renderBefore??i2,h2=e2._$litPart$;if(h2===void 0){let t3=s2?.
renderBefore??null;e2._$litPart$=h2=new k(i2.insertBefore(c(),t3),t3,void 0,s2??{})}return h2._$AI(t2),h2};function ownKeys(root){root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
function markKeys(root){let unmarked=":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";for(let node of root.querySelectorAll(unmarked))node.dataset.
lmSuppressShortcuts="true"}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.
closest(said))return;let[r2,g2,b2]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r2+.59*g2+.11*b2>140?"da\
rk":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener(
"change",look)}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
part)?b`<i>${part}</i>`:part),small=index?.split(/\b([a-z])\b/).filter(Boolean).map(part=>/^[a-z]$/.test(part)?b`<i>${part}</i>`:part);return b`<span class="symbol">${leaning}${small?
b`<sub>${small}</sub>`:A}</span>`}var minus=text=>text.replace("-","−"),MARKUP=[[/^`([^`]+)`/,text=>b`<code>${text}</code>`],[/^\*\*([^*]+)\*\*/,text=>b`<strong>${inline(
text)}</strong>`],[/^\*([^*\s][^*]*)\*/,text=>b`<em>${inline(text)}</em>`],[/^([A-Za-z]_[A-Za-z0-9]+)/,symbol],[/^_\{([^}]+)\}/,text=>b`<sub>${minus(text)}</sub>`],
[/^\^\{([^}]+)\}/,text=>b`<sup>${minus(text)}</sup>`],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>b`<sup>${text}</sup>`]];function inline(source){let parts=[],text="",
rest=source;for(;rest;){let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m2])=>m2)??[];found&&parts.push(text,make(found[1])),text=
found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...parts,text].filter(part=>part!=="")}var LETTERS="ABCDEFGHIJKLMNOPQRSTUVWXYZ";function mount({model,el}){let choices=model.get("choices"),group=`rnn-quiz-${Math.random().toString(36).slice(2,10)}`,
root=document.createElement("div");root.className="rnn-explorable quiz",el.append(root);let[picked,answered]=[-1,!1],show=(choice,checked)=>{[picked,answered]=[
choice,checked],draw()},answer=()=>{show(picked,!0);let{right}=choices[picked];root.querySelector(right?"input:checked":"button.again").focus({preventScroll:!0})},
again=()=>{show(-1,!1),root.querySelector("input").focus()},draw=()=>{let said=answered?choices[picked]:null,right=choices.flatMap((choice,k2)=>choice.right?b`<strong>${LETTERS[k2]}. ${inline(
choice.text)}</strong>. ${inline(choice.why)} `:[]);D(b`<fieldset>
          <legend>${inline(model.get("question"))}</legend>
          ${choices.map(({text},k2)=>b`<label class="choice"><input type="radio" name=${group} value=${k2}
              .checked=${k2===picked} @change=${()=>show(k2,!1)} /><span>${inline(text)}</span></label>`)}
        </fieldset>
        <div class="answer">
          <button type="button" class="main" ?disabled=${picked<0||answered} @click=${answer}>Check</button>
          <button type="button" class="again" ?hidden=${!said||said.right} @click=${again}>Try again</button>
        </div>
        <div class="verdict ${said?said.right?"right":"wrong":""}" aria-live="polite">${said?b`<strong>${said.right?"✓ Right. ":"✗ Not so. "}</strong>${inline(
said.why)}`:A}</div>
        <p class="printed">The answer: ${right}</p>`,root),markKeys(root)};return draw(),ownKeys(root),followInk(root)}var quiz_default={render:mount};export{quiz_default as default};
