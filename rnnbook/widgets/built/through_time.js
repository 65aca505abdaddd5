// Made of rnnbook/widgets/js by "make widgets"; change it there.
/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var t=globalThis,i=t2=>t2,s=t.trustedTypes,e=s?s.createPolicy("lit-html",{createHTML:t2=>t2}):void 0,h="$lit$",o=`lit$${Math.random().toFixed(9).slice(2)}$`,
n="?"+o,r=`<${n}>`,l=document,c=()=>l.createComment(""),a=t2=>t2===null||typeof t2!="object"&&typeof t2!="function",u=Array.isArray,d=t2=>u(t2)||typeof t2?.[Symbol.
iterator]=="function",f=`[ 	
\f\r]`,v=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_=/-->/g,m=/>/g,p=RegExp(`>|${f}(?:([^\\s"'>=/]+)(${f}*=${f}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),g=/'/g,$=/"/g,y=/^(?:script|style|textarea|title)$/i,x=t2=>(i3,...s2)=>({_$litType$:t2,strings:i3,values:s2}),b=x(1),w=x(2),T=x(3),
E=Symbol.for("lit-noChange"),A=Symbol.for("lit-nothing"),C=new WeakMap,P=l.createTreeWalker(l,129);function V(t2,i3){if(!u(t2)||!t2.hasOwnProperty("raw"))throw Error(
"invalid template strings array");return e!==void 0?e.createHTML(i3):i3}var N=(t2,i3)=>{let s2=t2.length-1,e3=[],n2,l2=i3===2?"<svg>":i3===3?"<math>":"",c2=v;for(let i4=0;i4<
s2;i4++){let s3=t2[i4],a2,u2,d2=-1,f2=0;for(;f2<s3.length&&(c2.lastIndex=f2,u2=c2.exec(s3),u2!==null);)f2=c2.lastIndex,c2===v?u2[1]==="!--"?c2=_:u2[1]!==void 0?
c2=m:u2[2]!==void 0?(y.test(u2[2])&&(n2=RegExp("</"+u2[2],"g")),c2=p):u2[3]!==void 0&&(c2=p):c2===p?u2[0]===">"?(c2=n2??v,d2=-1):u2[1]===void 0?d2=-2:(d2=c2.lastIndex-
u2[2].length,a2=u2[1],c2=u2[3]===void 0?p:u2[3]==='"'?$:g):c2===$||c2===g?c2=p:c2===_||c2===m?c2=v:(c2=p,n2=void 0);let x2=c2===p&&t2[i4+1].startsWith("/>")?" ":
"";l2+=c2===v?s3+r:d2>=0?(e3.push(a2),s3.slice(0,d2)+h+s3.slice(d2)+o+x2):s3+o+(d2===-2?i4:x2)}return[V(t2,l2+(t2[s2]||"<?>")+(i3===2?"</svg>":i3===3?"</math>":
"")),e3]},S=class _S{constructor({strings:t2,_$litType$:i3},e3){let r2;this.parts=[];let l2=0,a2=0,u2=t2.length-1,d2=this.parts,[f2,v2]=N(t2,i3);if(this.el=_S.createElement(
f2,e3),P.currentNode=this.el.content,i3===2||i3===3){let t3=this.el.content.firstChild;t3.replaceWith(...t3.childNodes)}for(;(r2=P.nextNode())!==null&&d2.length<
u2;){if(r2.nodeType===1){if(r2.hasAttributes())for(let t3 of r2.getAttributeNames())if(t3.endsWith(h)){let i4=v2[a2++],s2=r2.getAttribute(t3).split(o),e4=/([.?@])?(.*)/.
exec(i4);d2.push({type:1,index:l2,name:e4[2],strings:s2,ctor:e4[1]==="."?I:e4[1]==="?"?L:e4[1]==="@"?z:H}),r2.removeAttribute(t3)}else t3.startsWith(o)&&(d2.push(
{type:6,index:l2}),r2.removeAttribute(t3));if(y.test(r2.tagName)){let t3=r2.textContent.split(o),i4=t3.length-1;if(i4>0){r2.textContent=s?s.emptyScript:"";for(let s2=0;s2<
i4;s2++)r2.append(t3[s2],c()),P.nextNode(),d2.push({type:2,index:++l2});r2.append(t3[i4],c())}}}else if(r2.nodeType===8)if(r2.data===n)d2.push({type:2,index:l2});else{
let t3=-1;for(;(t3=r2.data.indexOf(o,t3+1))!==-1;)d2.push({type:7,index:l2}),t3+=o.length-1}l2++}}static createElement(t2,i3){let s2=l.createElement("template");
return s2.innerHTML=t2,s2}};function M(t2,i3,s2=t2,e3){if(i3===E)return i3;let h2=e3!==void 0?s2._$Co?.[e3]:s2._$Cl,o2=a(i3)?void 0:i3._$litDirective$;return h2?.
constructor!==o2&&(h2?._$AO?.(!1),o2===void 0?h2=void 0:(h2=new o2(t2),h2._$AT(t2,s2,e3)),e3!==void 0?(s2._$Co??=[])[e3]=h2:s2._$Cl=h2),h2!==void 0&&(i3=M(t2,h2.
_$AS(t2,i3.values),h2,e3)),i3}var R=class{constructor(t2,i3){this._$AV=[],this._$AN=void 0,this._$AD=t2,this._$AM=i3}get parentNode(){return this._$AM.parentNode}get _$AU(){
return this._$AM._$AU}u(t2){let{el:{content:i3},parts:s2}=this._$AD,e3=(t2?.creationScope??l).importNode(i3,!0);P.currentNode=e3;let h2=P.nextNode(),o2=0,n2=0,r2=s2[0];
for(;r2!==void 0;){if(o2===r2.index){let i4;r2.type===2?i4=new k(h2,h2.nextSibling,this,t2):r2.type===1?i4=new r2.ctor(h2,r2.name,r2.strings,this,t2):r2.type===
6&&(i4=new Z(h2,this,t2)),this._$AV.push(i4),r2=s2[++n2]}o2!==r2?.index&&(h2=P.nextNode(),o2++)}return P.currentNode=l,e3}p(t2){let i3=0;for(let s2 of this._$AV)
s2!==void 0&&(s2.strings!==void 0?(s2._$AI(t2,s2,i3),i3+=s2.strings.length-2):s2._$AI(t2[i3])),i3++}},k=class _k{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t2,i3,s2,e3){
this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=t2,this._$AB=i3,this._$AM=s2,this.options=e3,this._$Cv=e3?.isConnected??!0}get parentNode(){let t2=this._$AA.
parentNode,i3=this._$AM;return i3!==void 0&&t2?.nodeType===11&&(t2=i3.parentNode),t2}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t2,i3=this){
t2=M(this,t2,i3),a(t2)?t2===A||t2==null||t2===""?(this._$AH!==A&&this._$AR(),this._$AH=A):t2!==this._$AH&&t2!==E&&this._(t2):t2._$litType$!==void 0?this.$(t2):t2.
nodeType!==void 0?this.T(t2):d(t2)?this.k(t2):this._(t2)}O(t2){return this._$AA.parentNode.insertBefore(t2,this._$AB)}T(t2){this._$AH!==t2&&(this._$AR(),this._$AH=
this.O(t2))}_(t2){this._$AH!==A&&a(this._$AH)?this._$AA.nextSibling.data=t2:this.T(l.createTextNode(t2)),this._$AH=t2}$(t2){let{values:i3,_$litType$:s2}=t2,e3=typeof s2==
"number"?this._$AC(t2):(s2.el===void 0&&(s2.el=S.createElement(V(s2.h,s2.h[0]),this.options)),s2);if(this._$AH?._$AD===e3)this._$AH.p(i3);else{let t3=new R(e3,this),
s3=t3.u(this.options);t3.p(i3),this.T(s3),this._$AH=t3}}_$AC(t2){let i3=C.get(t2.strings);return i3===void 0&&C.set(t2.strings,i3=new S(t2)),i3}k(t2){u(this._$AH)||
(this._$AH=[],this._$AR());let i3=this._$AH,s2,e3=0;for(let h2 of t2)e3===i3.length?i3.push(s2=new _k(this.O(c()),this.O(c()),this,this.options)):s2=i3[e3],s2._$AI(
h2),e3++;e3<i3.length&&(this._$AR(s2&&s2._$AB.nextSibling,e3),i3.length=e3)}_$AR(t2=this._$AA.nextSibling,s2){for(this._$AP?.(!1,!0,s2);t2!==this._$AB;){let s3=i(
t2).nextSibling;i(t2).remove(),t2=s3}}setConnected(t2){this._$AM===void 0&&(this._$Cv=t2,this._$AP?.(t2))}},H=class{get tagName(){return this.element.tagName}get _$AU(){
return this._$AM._$AU}constructor(t2,i3,s2,e3,h2){this.type=1,this._$AH=A,this._$AN=void 0,this.element=t2,this.name=i3,this._$AM=e3,this.options=h2,s2.length>2||
s2[0]!==""||s2[1]!==""?(this._$AH=Array(s2.length-1).fill(new String),this.strings=s2):this._$AH=A}_$AI(t2,i3=this,s2,e3){let h2=this.strings,o2=!1;if(h2===void 0)
t2=M(this,t2,i3,0),o2=!a(t2)||t2!==this._$AH&&t2!==E,o2&&(this._$AH=t2);else{let e4=t2,n2,r2;for(t2=h2[0],n2=0;n2<h2.length-1;n2++)r2=M(this,e4[s2+n2],i3,n2),r2===
E&&(r2=this._$AH[n2]),o2||=!a(r2)||r2!==this._$AH[n2],r2===A?t2=A:t2!==A&&(t2+=(r2??"")+h2[n2+1]),this._$AH[n2]=r2}o2&&!e3&&this.j(t2)}j(t2){t2===A?this.element.
removeAttribute(this.name):this.element.setAttribute(this.name,t2??"")}},I=class extends H{constructor(){super(...arguments),this.type=3}j(t2){this.element[this.
name]=t2===A?void 0:t2}},L=class extends H{constructor(){super(...arguments),this.type=4}j(t2){this.element.toggleAttribute(this.name,!!t2&&t2!==A)}},z=class extends H{constructor(t2,i3,s2,e3,h2){
super(t2,i3,s2,e3,h2),this.type=5}_$AI(t2,i3=this){if((t2=M(this,t2,i3,0)??A)===E)return;let s2=this._$AH,e3=t2===A&&s2!==A||t2.capture!==s2.capture||t2.once!==
s2.once||t2.passive!==s2.passive,h2=t2!==A&&(s2===A||e3);e3&&this.element.removeEventListener(this.name,this,s2),h2&&this.element.addEventListener(this.name,this,
t2),this._$AH=t2}handleEvent(t2){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t2):this._$AH.handleEvent(t2)}},Z=class{constructor(t2,i3,s2){
this.element=t2,this.type=6,this._$AN=void 0,this._$AM=i3,this.options=s2}get _$AU(){return this._$AM._$AU}_$AI(t2){M(this,t2)}};var B=t.litHtmlPolyfillSupport;B?.(S,k),(t.litHtmlVersions??=[]).push("3.3.3");var D=(t2,i3,s2)=>{let e3=s2?.renderBefore??i3,h2=e3._$litPart$;if(h2===void 0){let t3=s2?.
renderBefore??null;e3._$litPart$=h2=new k(i3.insertBefore(c(),t3),t3,void 0,s2??{})}return h2._$AI(t2),h2};var KEYS={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:10,PageDown:-10,Home:-1/0,End:1/0};function patient(slider2,apply){let held=null,listen=(names,act)=>names.forEach(name=>slider2.addEventListener(name,act));listen(["pointerdown"],event=>{held=event.
pointerType==="touch"?{x:event.clientX,y:event.clientY,wanted:null}:null}),listen(["pointermove"],event=>{if(!held)return;let[dx,dy]=[Math.abs(event.clientX-held.
x),Math.abs(event.clientY-held.y)];dx>5&&dx>dy&&(held=null)}),listen(["pointerup"],()=>{let wanted=held?.wanted;held=null,wanted!=null&&apply(wanted)}),listen([
"pointercancel"],()=>{held=null,slider2.restore?.()}),listen(["input"],()=>{held?held.wanted=Number(slider2.value):apply(Number(slider2.value)),held&&slider2.restore?.()})}var clamp=(value,low,high)=>Math.min(Math.max(value,low),high);function scale(d0,d1,r0,r1){let map=value=>r0+(value-d0)/(d1-d0)*(r1-r0);return map.invert=place=>d0+
(place-r0)/(r1-r0)*(d1-d0),map}function roundTicks(high,count){let rough=high/count,power2=10**Math.floor(Math.log10(rough)),step=[1,2,5,10].map(m2=>m2*power2).
find(s2=>s2>=rough);return Array.from({length:Math.floor(high/step+1e-9)+1},(_2,k2)=>k2*step)}function raised(integer){return String(integer).replace(/./g,c2=>c2===
"-"?"⁻":"⁰¹²³⁴⁵⁶⁷⁸⁹"[c2])}function decimal(value,digits=2){let text=value.toFixed(digits);return(Number(text)===0?text.replace("-",""):text).
replace("-","−")}function short(value){if(!Number.isFinite(value))return"∞";if(value===0)return"0";let size=Math.abs(value);if(size>=1e5||size<.001){let exponent=Math.
floor(Math.log10(size)),digits2=(size/10**exponent).toFixed(1);return digits2==="10.0"&&([digits2,exponent]=["1.0",exponent+1]),`${value<0?"−":""}${digits2}·1\
0${raised(exponent)}`}if(size>=999.5)return decimal(value,0).replace(/\B(?=(\d{3})+$)/g,",");let digits=size>=99.95?0:size>=9.995?1:size>=.0995?2:3;return decimal(
value,size<.00995?4:digits)}function power(log){return log===-1/0?"0":Math.abs(log)<290?short(10**log):`10${raised(Math.round(log))}`}var letters=new RegExp("(\\p{L}+)","u");function symbol(name){let[base,index]=name.split("_"),leaning=base.split(letters).filter(Boolean).map(part=>letters.test(
part)?b`<i>${part}</i>`:part),small=index?.split(/\b([a-z])\b/).filter(Boolean).map(part=>/^[a-z]$/.test(part)?b`<i>${part}</i>`:part);return b`<span class="symbol">${leaning}${small?
b`<sub>${small}</sub>`:A}</span>`}var minus=text=>text.replace("-","−"),MARKUP=[[/^`([^`]+)`/,text=>b`<code>${text}</code>`],[/^\*\*([^*]+)\*\*/,text=>b`<strong>${inline(
text)}</strong>`],[/^\*([^*\s][^*]*)\*/,text=>b`<em>${inline(text)}</em>`],[/^([A-Za-z]_[A-Za-z0-9]+)/,symbol],[/^_\{([^}]+)\}/,text=>b`<sub>${minus(text)}</sub>`],
[/^\^\{([^}]+)\}/,text=>b`<sup>${minus(text)}</sup>`],[/^\^([A-Za-z0-9])(?![A-Za-z0-9])/,text=>b`<sup>${text}</sup>`]];function inline(source){let parts=[],text="",
rest=source;for(;rest;){let[found,make]=MARKUP.map(([pattern,make2])=>[rest.match(pattern),make2]).find(([m2])=>m2)??[];found&&parts.push(text,make(found[1])),text=
found?"":text+rest[0],rest=rest.slice(found?found[0].length:1)}return[...parts,text].filter(part=>part!=="")}function caption(label2){let words2=label2.split(" ");
return b`${words2.slice(0,-1).join(" ")} ${symbol(words2.at(-1))}`}function hueClass(hue){return["x","h","f","i","c","C","o","z","r","n"].includes(hue)?`q-${hue}`:`tint-${hue}`}function fitted(knob,value){if(knob.names)return knob.names.includes(value)?value:knob.names[0];if(knob.steps!==void 0)return Array.isArray(value)?value.map(one=>clamp(
one,knob.low,knob.high)):value;let inside=clamp(value,knob.low,knob.high);return knob.whole?Math.round(inside):inside}function agrees(state,values){return Object.
entries(values).every(([name,value])=>same(state[name],value))}function same(one,other){return Array.isArray(one)&&Array.isArray(other)?one.length===other.length&&
one.every((value,k2)=>same(value,other[k2])):typeof one=="number"?Math.abs(one-other)<1e-9:one===other}function openStore(model){let knobs=model.get("_knobs"),byName=Object.
fromEntries(knobs.map(knob=>[knob.name,knob])),read=()=>Object.fromEntries(knobs.map(({name})=>[name,fitted(byName[name],model.get(name))])),changed=()=>{},quiet=!1,
listen=()=>quiet||changed();for(let{name}of knobs)model.on(`change:${name}`,listen);return{knobs,byName,read,first:read(),whenChanged:call=>changed=call,change(part){
quiet=!0;for(let[name,value]of Object.entries(part))model.set(name,fitted(byName[name],value));quiet=!1,changed(),model.save_changes()},close:()=>knobs.forEach(
({name})=>model.off(`change:${name}`,listen))}}function ownKey(model){let page=Symbol.for("rnnbook.keys");globalThis[page]??=new Map;let keys=globalThis[page],wanted=model.get("key"),key=wanted;for(let k2=2;keys.
has(key)&&keys.get(key)!==model;k2++)key=`${wanted}-${k2}`;return keys.set(key,model),key}function decoded(text){try{return decodeURIComponent(text)}catch{return text}}
function readAddress(){return location.hash.slice(1).split("&").filter(part=>part.includes("=")).map(part=>{let at=part.indexOf("=");return[decoded(part.slice(0,
at)),decoded(part.slice(at+1))]})}function stateInAddress(key,store){let text=new Map(readAddress()).get(key);if(text===void 0)return null;let[state,refused]=[{},
[]];for(let pair of text.split(",").filter(Boolean)){let at=pair.indexOf(":"),[name,value]=at<0?[pair,""]:[pair.slice(0,at),pair.slice(at+1)],found=Object.hasOwn(
store.byName,name)?possible(store.byName[name],value):void 0;found===void 0?refused.push(pair.slice(0,40)):state[name]=found}return{state,refused}}function possible(knob,text){
if(knob.names)return knob.names.includes(text)?text:void 0;if(knob.steps!==void 0)return unpacked(text,knob);let value=text.trim()===""?Number.NaN:Number(text);
if(value>=knob.low&&value<=knob.high)return knob.whole&&!Number.isInteger(value)?void 0:value}function addressWith(key,store,whole=!1){let[state,first]=[store.read(),
store.first],text=Object.keys(state).filter(name=>whole||!same(state[name],first[name])).map(name=>`${name}:${spell(state[name],store.byName[name])}`).join(","),
others=readAddress().filter(([name])=>name!==key),parts=(text?[...others,[key,text]]:others).map(part=>part.join("=")),anchor=location.hash.includes("=")?"":location.
hash;return location.pathname+location.search+(parts.length?`#${parts.join("&")}`:anchor)}function spell(value,knob){return knob.steps!==void 0?packed(value,knob):
typeof value=="number"?Number(value.toPrecision(6)):value}function packed(values,{low,high}){return values.map(v2=>Math.round(35*(v2-low)/(high-low)).toString(36)).
join("").replace(/(.)\1{3,}/g,(run,mark)=>`${mark}*${run.length}.`)}function unpacked(text,{low,high,steps}){if(!/^(?:[0-9a-z](?:\*\d{1,4}\.)?)*$/.test(text))return;
let marks=text.replace(/(.)\*(\d+)\./g,(_2,mark,count)=>mark.repeat(Number(count)));if(marks.length===steps)return[...marks].map(mark=>low+(high-low)*Number.parseInt(
mark,36)/35)}/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var e2=t2=>(...e3)=>({_$litDirective$:t2,values:e3}),i2=class{constructor(t2){}get _$AU(){return this._$AM._$AU}_$AT(t2,e3,i3){this._$Ct=t2,this._$AM=e3,this._$Ci=
i3}_$AS(t2,e3){return this.update(t2,e3)}update(t2,e3){return this.render(...e3)}};function stopsByRatio(low,high,whole){let stops=[];for(let stop=low;stop<high;)stops.push(stop),stop=whole?Math.max(stop+1,Math.round(1.02*stop)):1.02*stop;return[
...stops,high]}function placeAmong(stops,value){let after=stops.findIndex(stop=>stop>=value);return after<=0?after<0?stops.length-1:0:after-(stops[after]-value)/
(stops[after]-stops[after-1])}var rounded=value=>String(Number(value.toFixed(3))),rails=new WeakMap;function rail(knob){if(!rails.has(knob)){let stops=knob.ratio?
stopsByRatio(knob.low,knob.high,knob.whole):null,[first,last]=stops?[0,stops.length-1]:[knob.low,knob.high];rails.set(knob,{first,last,pitch:stops?1:knob.step,inward:value=>stops?
placeAmong(stops,value):value,outward:place=>clamp(stops?stops[place]:place,knob.low,knob.high)})}return rails.get(knob)}var SliderOf=class extends i2{update({element},[
value,apply]){return this.apply=apply,element.restore||patient(element,place=>this.apply(place)),element.restore=()=>element.value=value,element.restore(),E}},slider=e2(
SliderOf),Text=class extends i2{update({element},[text]){return!(element.getRootNode().activeElement===element)&&element.value!==text&&(element.value=text),E}},
fieldText=e2(Text);function numberControl(view,knob,{off=!1,...own}={}){let{name,label:label2}=knob,{first,last,pitch,inward,outward}=rail(knob),value=own.value??
view.state[name],present=()=>own.now?.()??view.state[name],place=inward(value),shown=place>first&&place<last?clamp(place,first+pitch,last-pitch):place,change=own.
change??(wanted=>view.change({[name]:wanted})),part=(place-first)/(last-first),zero=knob.low<0?-knob.low/(knob.high-knob.low):0,rail_=`--from:${Math.min(zero,part).
toFixed(4)};--to:${Math.max(zero,part).toFixed(4)}`,typed=({target})=>{let number=target.valueAsNumber;number>=knob.low&&number<=knob.high&&change(number)},finished=({
target})=>{let number=target.valueAsNumber;change(clamp(Number.isNaN(number)?present():number,knob.low,knob.high)),target.value=rounded(present())};return b`<div class="control" data-term=${name} style=${off?
"opacity:0.5":A}>
    <label><span class="name">${caption(label2)}</span><input type="range" min=${first} max=${last}
      step=${pitch} data-name=${name} style=${rail_} ?disabled=${off}
      aria-valuetext="${label2} ${decimal(value,knob.whole?0:2)}"
      ${slider(shown,at=>change(outward(at)))} /></label>
    <input type="number" min=${knob.low} max=${knob.high} step=${knob.step} inputmode="decimal"
      data-name=${name} aria-label="${label2}, as a number" ?disabled=${off}
      ${fieldText(rounded(value))} @input=${typed} @change=${finished} />
  </div>`}function choiceControl(view,{name,names,label:label2}){let typeset=label2.includes("_")||label2.split(" ").at(-1).length===1;return b`<fieldset class="choice-of" data-term=${name}>
    <legend class="unseen">${label2}</legend>
    <div class="switch">
      <span aria-hidden="true">${typeset?caption(label2):label2}</span>
      ${names.map(one=>b`<label><input type="radio" name=${view.id(name)} value=${one}
          .checked=${view.state[name]===one} @change=${()=>view.change({[name]:one})} />${one}</label>`)}
    </div>
  </fieldset>`}function controls(view,{off={},after={},more}={}){let shown=view.knobs.filter(knob=>knob.label&&knob.steps===void 0);return b`<div class="controls">
    ${shown.map(knob=>[knob.names?choiceControl(view,knob):numberControl(view,knob,{off:off[knob.name]}),after[knob.name]??A])}
    ${more?b`<div class="actions">${more}</div>`:A}
  </div>`}function presetBar(view,own){let{presets,state}=view;if(!presets.length)return A;let present=presets.findIndex(preset=>agrees(state,preset.set));present>=0&&(own.
about=present);let about=own.about>=0?inline(presets[own.about].about):A;return b`<div class="presets">
    <div class="chips" role="group" aria-label="Presets">
      ${presets.map((preset,k2)=>b`<button type="button" aria-pressed=${k2===present}
          @click=${()=>view.change(preset.set)}>${inline(preset.name)}</button>`)}
    </div>
    <p class="about ${present<0?"past":""}">${about}</p>
  </div>`}function ownKeys(root){root.addEventListener("keydown",event=>{!(event.ctrlKey||event.metaKey||event.altKey)&&!/^(Tab|Escape|F\d+)$/.test(event.key)&&event.stopPropagation()})}
function markKeys(root){let unmarked=":is(input, button, [tabindex]):not([data-lm-suppress-shortcuts])";for(let node of root.querySelectorAll(unmarked))node.dataset.
lmSuppressShortcuts="true"}function followInk(root){let said="[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light",look=()=>{if(root.parentElement?.
closest(said))return;let[r2,g2,b2]=getComputedStyle(root.parentElement??root).color.match(/[\d.]+/g).map(Number);root.dataset.scheme=.3*r2+.59*g2+.11*b2>140?"da\
rk":"light"},query=matchMedia("(prefers-color-scheme: dark)");return query.addEventListener("change",look),requestAnimationFrame(look),()=>query.removeEventListener(
"change",look)}function lightPartners(root){let lit=null,light=term=>{if(term!==lit){for(let node of root.querySelectorAll("[data-shine]"))delete node.dataset.shine;
if(term)for(let node of root.querySelectorAll(`[data-term="${CSS.escape(term)}"]`))node.dataset.shine="";lit=term}},of=event=>event.target.closest?.("[data-term\
]")?.dataset.term??null,focused=()=>root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term??null;root.addEventListener("pointerover",event=>light(
of(event)??focused())),root.addEventListener("pointerleave",()=>light(focused())),root.addEventListener("focusin",event=>light(of(event))),root.addEventListener(
"focusout",()=>light(null))}async function copied(text){try{return await navigator.clipboard.writeText(text),!0}catch{return!1}}var NARROW=480,COUNT=Symbol.for("rnnbook.count");function explorable(spec){return{render:({model,el})=>mount(spec,model,el)}}function mount(spec,model,el){let plainPage=model.
widget_manager===void 0,store=openStore(model),key=ownKey(model);globalThis[COUNT]=(globalThis[COUNT]??0)+1;let number=globalThis[COUNT],root=document.createElement(
"div");root.className="rnn-explorable",root.setAttribute("role","group"),root.setAttribute("aria-label",model.get("title")),el.append(root);let frame={about:-1,
status:"",refused:"",shared:"Copy link",timer:0},[width,state,now]=[0,store.read(),null],view={own:spec.start?.(model)??{},knobs:store.knobs,presets:model.get("\
_presets")??[],first:store.first,knob:name=>store.byName[name],get:name=>model.get(name),id:name=>`rnn-${number}-${name}`,change:part=>store.change(spec.complete?.(
part,view)??part),redraw:()=>draw(),get state(){return state},get now(){return now},get width(){return width},get narrow(){return width<NARROW},get held(){return root.
querySelector("[data-held]")!==null}},draw=()=>{state=store.read(),view.font=fontOf(root),now=spec.see?spec.see(state,view):state;let done=spec.done?.(view),task=guidance(
"try","Try",model.get("try_this"),done),knobs=(spec.controls??controls)(view);D(b`<div class="head"><p class="title">${inline(model.get("title"))}</p><div class="tools">
          <button type="button" class="quiet" @click=${reset}>Reset</button>
          ${plainPage?b`<button type="button" class="quiet" @click=${share}>${frame.shared}</button>`:A}
        </div></div>
        ${task}
        <p class="refused" role="status">${frame.refused}</p>
        ${presetBar(view,frame)}
        <div class="stage">${spec.formula?.(view)??A}${view.narrow?knobs:A}${spec.stage(view)}</div>
        ${view.narrow?A:knobs}
        ${guidance("notice","Notice",model.get("notice"))}
        <p class="unseen" role="status">${frame.status}</p>`,root),markKeys(root)},settle=()=>{clearTimeout(frame.timer),frame.timer=setTimeout(()=>{frame.status=
spec.say(view),plainPage&&history.replaceState(history.state,"",addressWith(key,store)),draw()},400)},reset=()=>{frame.about=-1,frame.refused="",view.own.reset?.(),
store.change(store.first)},share=async()=>{history.replaceState(history.state,"",addressWith(key,store,!0)),frame.shared=await copied(location.href)?"Copied":"I\
t is in the address bar",draw(),setTimeout(()=>{frame.shared="Copy link",draw()},2e3)},obey=()=>{let found=stateInAddress(key,store);if(!found)return!1;let{refused}=found;
return frame.refused=refused.length?`The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`:"",store.change({...store.first,...found.state}),
!0},fit=()=>{let style=getComputedStyle(root),inner=root.clientWidth-Number.parseFloat(style.paddingLeft)-Number.parseFloat(style.paddingRight),wide=Math.max(Math.
floor(inner>0?inner:640),240);return wide===width?!1:(width=wide,!0)};fit(),store.whenChanged(()=>{draw(),settle()}),plainPage&&obey()?readAddress()[0][0]===key&&
requestAnimationFrame(()=>root.scrollIntoView({block:"start"})):draw(),lightPartners(root),ownKeys(root);let forgetInk=followInk(root),written=()=>JSON.stringify(
fontOf(root))!==JSON.stringify(view.font),observer=new ResizeObserver(()=>(fit()||written())&&draw());return observer.observe(root),document.fonts?.addEventListener(
"loadingdone",draw),plainPage&&addEventListener("hashchange",obey),()=>{observer.disconnect(),store.close(),forgetInk(),document.fonts?.removeEventListener("loa\
dingdone",draw),removeEventListener("hashchange",obey),clearTimeout(frame.timer)}}function fontOf(root){let{fontFamily:family,letterSpacing,wordSpacing}=getComputedStyle(
root),pixels=text=>Number.parseFloat(text)||0;return{family,letter:pixels(letterSpacing),word:pixels(wordSpacing)}}function guidance(kind,word,text,done){let tick=done!=
null?b`<span class="met" aria-hidden="true"> ✓</span>`:A;return b`<p class="guidance ${kind} ${done?"done":""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`}function framed(build2){return explorable({start:()=>({parts:null,width:0}),see:(values,view)=>{let{own}=view,ranges=Object.fromEntries(view.knobs.map(({name,low,
high})=>[name,[low,high]]));own.parts??=build2({read:()=>view.state,change:view.change,ranges},view),own.width!==view.width&&own.parts.layout(view.width),own.width=
view.width,own.parts.update(values)},formula:({own})=>own.parts.formula,stage:({own})=>b`${own.parts.pictures}`,say:({own,state})=>own.parts.summary(state),controls:view=>view.
own.parts.controls(view)})}function set(node,attributes){for(let[name,value]of Object.entries(attributes))value==null?node.removeAttribute(name):node.getAttribute(
name)!==String(value)&&node.setAttribute(name,value);return node}function html(tag,attributes={},...children){let node=set(document.createElement(tag),attributes);
return node.append(...children),node}function svg(tag,attributes={},...children){let node=set(document.createElementNS("http://www.w3.org/2000/svg",tag),attributes);
return node.append(...children),node}function write(node,text){if(node.textContent===text)return;let[only,...others]=node.childNodes;only?.nodeType===Node.TEXT_NODE&&
!others.length?only.data=text:node.textContent=text}function symbol2(name){let[base,index]=name.split("_"),letter=index&&html("sub",{},...index.split(/\b([a-z])\b/).
map(c2=>/[a-z]/.test(c2)&&c2.length===1?html("i",{},c2):c2)),leaning=base.split(new RegExp("(\\p{L}+)","u")).filter(Boolean).map(part=>new RegExp("\\p{L}","u").
test(part)?html("i",{},part):part);return html("span",{class:"symbol"},...leaning,...index?[letter]:[])}function label(attributes,source){let node=svg("text",attributes),shift=0;for(let part of source.split(/([_^]\{[^}]*\})/)){let move=part.startsWith("_{")?4:part.
startsWith("^{")?-6:0,text=move?part.slice(2,-1):part;text&&(node.append(svg("tspan",{dy:move-shift,class:move?"index":null},text)),shift=move)}return node}function handle(picture2,name,{
drag,nudge,cursor}){let dot=svg("circle",{r:8,class:"dot"}),group=svg("g",{class:"handle",role:"slider","aria-orientation":cursor==="ns-resize"?"vertical":"hori\
zontal",tabindex:0,"aria-label":name,style:`cursor:${cursor}`},svg("circle",{r:22,class:"reach"}),svg("circle",{r:13,class:"halo"}),dot),held=null,place=event=>{
let box=picture2.getBoundingClientRect();return[event.clientX-box.left,event.clientY-box.top]};group.addEventListener("pointerdown",event=>{if(event.button>0)return;
event.preventDefault(),group.focus({preventScroll:!0}),group.setPointerCapture(event.pointerId);let[x2,y2]=place(event);held=[group.at[0]-x2,group.at[1]-y2],group.
dataset.held=""}),group.addEventListener("pointermove",event=>{if(!held)return;let[x2,y2]=place(event);drag(x2+held[0],y2+held[1])});let release=()=>{held=null,
delete group.dataset.held};return group.addEventListener("pointerup",release),group.addEventListener("pointercancel",release),group.addEventListener("keydown",event=>{
!(event.key in KEYS)||event.ctrlKey||event.metaKey||event.altKey||(event.preventDefault(),nudge(KEYS[event.key]))}),group.at=[0,0],group}function moveHandle(group,x2,y2,{
now,low,high,text}){group.at=[x2,y2],set(group,{transform:`translate(${x2.toFixed(2)} ${y2.toFixed(2)})`,"aria-valuemin":low,"aria-valuemax":high,"aria-valuenow":now,
"aria-valuetext":text})}function scrub(node,read,change,perPixel){let from=null;node.classList.add("scrub"),node.addEventListener("pointerdown",event=>{event.button>
0||(event.preventDefault(),from=[event.clientX,read()],node.setPointerCapture(event.pointerId))}),node.addEventListener("pointermove",event=>{from&&change(from[1]+
(event.clientX-from[0])*perPixel)});let release=()=>from=null;node.addEventListener("pointerup",release),node.addEventListener("pointercancel",release)}function equationParts(state){
let numbers={};return{numbers,term:(name,key,text=name,perPixel=0,partner=name)=>{let number=numbers[name]=html("span",{class:"number"});return perPixel&&scrub(
number,()=>state.read()[name],value=>state.change({[name]:value}),perPixel),html("span",{class:`term ${hueClass(key)}`,"data-term":partner},symbol2(text),number)},
sign:(text,partner=null)=>html("span",{class:"sign","data-term":partner},text)}}function tanhSlope(a2){let power2=Math.exp(-2*Math.abs(a2));return 4*power2/((1+power2)*(1+power2))}function unitStep(phi,w2,b2,h2){let a2=w2*h2+b2;return phi===
"tanh"?[Math.tanh(a2),w2*tanhSlope(a2)]:[a2,w2]}function unitTrace(phi,w2,b2,start,steps){let states=[start],gains2=[],logs=[0];for(let t2=1;t2<=steps;t2++){let[
state,gain]=unitStep(phi,w2,b2,states[t2-1]);states.push(state),gains2.push(gain),logs.push(logs[t2-1]+Math.log10(Math.abs(gain)))}return{states,gains:gains2,logs}}
function vanishesAfter(logs,floor){let first=-1;for(let t2=logs.length-1;t2>=0&&logs[t2]<floor;t2--)first=t2;return first}var FLOOR=-3,[DEEPEST,HIGHEST]=[-9,6],PAD={left:34,right:14,top:22,bottom:36},SQUARE=234,FOOT=10,BARE=1e3;function unit({w:w2,b:b2,h_0,steps,phi}){let trace=unitTrace(
phi,w2,b2,h_0,steps),boundLog=Math.log10(Math.abs(w2));return{...trace,boundLog,last:trace.logs.at(-1),gone:vanishesAfter(trace.logs,FLOOR)}}function reach(states,phi){
let most=Math.max(...states.map(Math.abs));if(phi==="tanh"||most<=1.0001)return 1;let power2=10**Math.floor(Math.log10(most));return[1,2,5,10].map(m2=>m2*power2).
find(top=>top>=most)}function equation(state){let{numbers,term,sign}=equationParts(state),phi=sign("","phi");return{node:html("div",{class:"equation",role:"math",
"aria-label":"h_1 = φ(w h_0 + b)"},term("h_1","h","h_1"),sign("="),phi,sign("("),term("w","ink","w",.01),sign("·"),term("h_0","h","h_0",.005),sign("+"),term("\
b","ink","b",.01),sign(")")),update:({w:w2,b:b2,h_0,phi:name},{states})=>{write(phi,name==="tanh"?"tanh":"id"),write(numbers.w,decimal(w2)),write(numbers.b,decimal(
b2)),write(numbers.h_0,decimal(h_0)),write(numbers.h_1,decimal(states[1]))}}}function cobweb(){let node=svg("svg",{class:"chart",role:"img",height:SQUARE}),width,
drawn,grid=svg("g",{class:"ticks"}),diagonal=svg("path",{class:"diagonal"}),line=svg("path",{class:"line map","data-term":"w"}),path=svg("path",{class:"cobweb",
"data-term":"h_0"}),start=svg("circle",{class:"start",r:5,"data-term":"h_0"}),words2={axis:label({class:"axis"},"h_{t−1}"),up:label({class:"axis start"},"h_{t\
} = φ(w·h_{t−1} + b)"),same:label({class:"note small haloed"},"h_{t} = h_{t−1}"),start:label({class:"value q-h"},"h_{0}")},unit2=svg("tspan",{dy:-4});words2.
axis.append(unit2),node.append(grid,diagonal,line,path,...Object.values(words2),start);let layout=newWidth=>{width=newWidth,drawn=null,set(node,{width,viewBox:`\
0 0 ${width} ${SQUARE}`}),set(words2.axis,{x:(PAD.left+width-PAD.right)/2,y:SQUARE-4}),set(words2.up,{x:PAD.left,y:PAD.top-8})},axes=top=>{drawn=top;let across=scale(
-top,top,PAD.left,width-PAD.right),up=scale(-top,top,SQUARE-PAD.bottom-FOOT,PAD.top);return grid.replaceChildren(...[-top,0,top].flatMap(value=>[svg("line",{x1:PAD.
left,x2:width-PAD.right,y1:up(value),y2:up(value)}),svg("line",{x1:across(value),x2:across(value),y1:up(-top),y2:up(top)}),svg("text",{class:"tick end",x:PAD.left-
5,y:up(value)+(value<0?0:4)},axisNumber(value,top)),svg("text",{class:"tick",x:across(value),y:SQUARE-PAD.bottom+17},axisNumber(value,top))])),write(unit2,axisUnit(
top)),set(diagonal,{d:`M${across(-top)} ${up(-top)}L${across(top)} ${up(top)}`}),[across,up]},maps,update=(values,{states})=>{let top=reach(states,values.phi);top!==
drawn&&(maps=axes(top));let[across,up]=maps,inside=value=>clamp(value,-top,top),point=(x2,y2)=>`${across(inside(x2)).toFixed(1)} ${up(inside(y2)).toFixed(1)}`,places=Array.
from({length:61},(_2,k2)=>top*(k2/30-1)),image=h2=>unitStep(values.phi,values.w,values.b,h2)[0],seen=places.filter(h2=>Math.abs(image(h2))<=top*1.0001);set(line,
{d:seen.length?"M"+seen.map(h2=>point(h2,image(h2))).join("L"):""});let d2=`M${point(states[0],0)}`;for(let t2=1;t2<states.length;t2++)d2+=`L${point(states[t2-1],
states[t2])}L${point(states[t2],states[t2])}`;set(path,{d:d2}),nameStart(across(inside(states[0])),up(0),states[0]/top,states[1]),nameDiagonal(across,up,top,image(
-top/2)>-top/2),set(node,{"aria-label":`The map from one state to the next, and the path on it from ${decimal(values.h_0)} to ${signed(states.at(-1))}`})},nameStart=(x2,y2,share,next)=>{
set(start,{cx:x2.toFixed(1),cy:y2});let right=share>=0==Math.abs(share)<.8;set(words2.start,{x:(x2+(right?7:-7)).toFixed(1),y:next<0?y2-9:y2+17,class:`value q-h\
 ${right?"start":"end"}`})},nameDiagonal=(across,up,top,mapIsAbove)=>{let[x2,y2]=[across(-top/2),up(-top/2)],angle=Math.atan2(up(top)-up(-top),across(top)-across(
-top))*180/Math.PI;set(words2.same,{y:mapIsAbove?15:-10,transform:`translate(${x2.toFixed(1)} ${y2.toFixed(1)}) rotate(${angle.toFixed(1)})`})};return{node,layout,
update}}function axisNumber(value,top){let units=top<BARE?value:value/10**Math.floor(Math.log10(top));return decimal(units,Math.abs(units)<1&&units?1:0)}function axisUnit(top){
return top<BARE?"":` in 10${raised(Math.floor(Math.log10(top)))}`}var LEFT=46;function past(state){let node=svg("svg",{class:"chart",role:"group","aria-label":"\
The state over time; its start can be dragged",height:SQUARE}),width,drawn,up,across,tall,grid=svg("g",{class:"ticks"}),line=svg("path",{class:"line q-h","data-\
term":"h_0"}),dots=svg("path",{class:"dots q-h"}),words2={axis:label({class:"axis"},"steps t"),up:label({class:"axis start"},"state h_{t}"),end:label({class:"va\
lue q-h end"},"")},start=handle(node,"State at the start, h_0",{cursor:"ns-resize",drag:(_2,y2)=>state.change({h_0:up.invert(y2)}),nudge:steps=>state.change({h_0:Number.
isFinite(steps)?state.read().h_0+.02*steps:Math.sign(steps)})});start.dataset.term="h_0",start.classList.add("q-h");let unit2=svg("tspan",{dy:-4});words2.up.append(
unit2),node.append(grid,line,dots,...Object.values(words2),start);let layout=newWidth=>{width=newWidth,drawn=null,set(node,{width,viewBox:`0 0 ${width} ${SQUARE}`}),
set(words2.axis,{x:(LEFT+width-PAD.right)/2,y:SQUARE-4}),set(words2.up,{x:LEFT+16,y:PAD.top-8})},axes=(top,steps)=>{drawn=`${top} ${steps}`,across=scale(0,steps,
LEFT,width-PAD.right),up=scale(-top,top,SQUARE-PAD.bottom-FOOT,PAD.top),grid.replaceChildren(...[-top,0,top].flatMap(value=>[svg("line",{x1:LEFT,x2:width-PAD.right,
y1:up(value),y2:up(value)}),svg("text",{class:"tick end",x:LEFT-21,y:up(value)+4},axisNumber(value,top))]),...roundTicks(steps,6).map(t2=>svg("text",{class:"tic\
k",x:across(t2),y:SQUARE-PAD.bottom+17},String(t2)))),write(unit2,axisUnit(top))};return{node,layout,update:(values,{states})=>{let top="held"in start.dataset?tall:
reach(states,values.phi);tall=top,drawn!==`${top} ${values.steps}`&&axes(top,values.steps);let point=(h2,t2)=>`${across(t2).toFixed(1)} ${up(clamp(h2,-1.1*top,1.1*
top)).toFixed(1)}`,places=states.map(point);set(line,{d:"M"+places.join("L")}),set(dots,{d:values.steps<=60?places.map(place=>`M${place}h.01`).join(""):""}),moveHandle(
start,across(0),up(states[0]),{now:values.h_0,low:-1,high:1,text:`h_0 = ${decimal(values.h_0)}`});let last=states.at(-1),y2=up(clamp(last,-top,top));set(words2.
end,{x:width-PAD.right,y:y2<PAD.top+20?y2+20:y2-9}),write(words2.end,signed(last))}}}function signed(value){return Math.abs(value)<1e3&&Math.abs(value)>=.01?decimal(
value):(value<0?"−":"")+short(Math.abs(value))}var TRACK=126;function gains(state){let node=svg("svg",{class:"chart below",role:"group","aria-label":"The gain\
 of every step, and the weight w",height:TRACK}),[low,high]=state.ranges.w,across,shrinks=svg("rect",{class:"zone"}),grid=svg("g",{class:"ticks"}),dots=svg("pat\
h",{class:"gains"}),[name,meaning]=[document.createTextNode(""),document.createTextNode("")],words2={title:label({class:"axis start"},"gain of one step, φ′(a)·w"),
inner:label({class:"note small"},"shrinks"),outer:label({class:"note small"},"grows"),outerLeft:label({class:"note small"},"grows"),w:svg("text",{class:"value"},
name,svg("tspan",{class:"plain"},meaning)),dots:label({class:"note haloed"},"gain at step t")},weight=handle(node,"Recurrent weight w",{cursor:"ew-resize",drag:x2=>state.
change({w:across.invert(x2)}),nudge:steps=>state.change({w:Number.isFinite(steps)?state.read().w+.02*steps:steps})});weight.dataset.term="w",weight.classList.add(
"tint-ink"),node.append(shrinks,grid,...Object.values(words2),dots,weight);let MIDDLE=60,reach2;return{node,layout:width=>{set(node,{width,viewBox:`0 0 ${width}\
 ${TRACK}`}),across=scale(low,high,PAD.left,width-PAD.right),set(shrinks,{x:across(-1),width:across(1)-across(-1),y:MIDDLE-16,height:50}),grid.replaceChildren(svg(
"line",{x1:across(low),x2:across(high),y1:MIDDLE,y2:MIDDLE,class:"rail"}),...[-4,-3,-2,-1,0,1,2,3,4].map(g2=>svg("text",{class:"tick",x:across(g2),y:MIDDLE+48},
decimal(g2,0))));let place=(text,x2,y2)=>set(text,{x:x2,y:y2});place(words2.title,PAD.left,14),reach2=[PAD.left-20,width-2],place(words2.inner,across(0),MIDDLE+
63),place(words2.outer,across(2.5),MIDDLE+63),place(words2.outerLeft,across(-2.5),MIDDLE+63)},update:(values,{gains:steps})=>{set(dots,{d:steps.map(gain=>`M${across(
gain).toFixed(1)} ${MIDDLE}h.01`).join("")}),moveHandle(weight,across(values.w),MIDDLE,{now:values.w,low,high,text:`w = ${decimal(values.w)}`});let linear=values.
phi==="identity",within=(x2,half)=>clamp(x2,reach2[0]+half,reach2[1]-half).toFixed(1);set(words2.w,{x:within(across(values.w),103),y:MIDDLE-25}),name.data=`w = ${decimal(
values.w)}`,meaning.data=linear?": gain of every step":": gain where tanh′ = 1";let typical=[...steps].sort((one,other)=>one-other)[steps.length>>1];set(words2.
dots,{x:within(across(typical),44),y:MIDDLE+31}),words2.dots.style.display=linear?"none":""}}}var DEPTH=244,SHARES=[1,.85,.7,.55,.4,.25,.1];function product(){let node=svg(
"svg",{class:"chart below",role:"img",height:DEPTH}),width,across,drawn,grid=svg("g",{class:"ticks"}),ticks=svg("g",{class:"ticks"}),one=svg("path",{class:"one"}),
bound=svg("path",{class:"bound","data-term":"w"}),line=svg("path",{class:"line q-h","data-term":"grad"}),area=svg("path",{class:"area q-h"}),mark=svg("path",{class:"\
guide"}),exits={line:svg("path",{class:"exit q-h"}),bound:svg("path",{class:"exit"})},words2={axis:label({class:"axis"},"steps t"),up:label({class:"axis start"},
"gradient |∂h_{t} / ∂h_{0}|, log scale"),one:label({class:"note start haloed"},"1: nothing lost"),floor:label({class:"note start haloed"},"a thousandth left"),
bound:label({class:"value start"},"bound |w|^{t}"),line:label({class:"value q-h start"},"gradient"),exit:label({class:"value q-h start"},"0 at step 0")};node.append(
grid,ticks,area,one,mark,bound,line,...Object.values(exits)),node.append(...Object.values(words2));let up=scale(DEEPEST,HIGHEST,DEPTH-PAD.bottom,PAD.top),layout=newWidth=>{
width=newWidth,drawn=null,set(node,{width,viewBox:`0 0 ${width} ${DEPTH}`}),grid.replaceChildren(...[-9,-6,-3,0,3,6].flatMap(log=>[svg("line",{x1:PAD.left,x2:width-
PAD.right,y1:up(log),y2:up(log),class:log===FLOOR?"half":null}),svg("text",{class:"tick end",x:PAD.left-5,y:up(log)+4},log?`10${raised(log)}`:"1")])),set(one,{d:`\
M${PAD.left} ${up(0)}H${width-PAD.right}`}),set(words2.axis,{x:(PAD.left+width-PAD.right)/2,y:DEPTH-4}),set(words2.up,{x:PAD.left,y:PAD.top-8})},point=([t2,log])=>`${across(
t2).toFixed(1)} ${up(log).toFixed(1)}`,path=places=>places.length?`M${places.map(point).join("L")}`:"",leave=(arrow,place)=>{let[x2,y2]=place?[across(place[0]),
up(place[1])]:[],out=place?.[1]===HIGHEST?-1:1;set(arrow,{d:place?`M${(x2-5).toFixed(1)} ${y2-6*out}h10l-5 ${9*out}Z`:""})},update=(values,{logs,boundLog,gone,last})=>{
let{steps}=values;drawn!==steps&&(drawn=steps,across=scale(0,steps,PAD.left,width-PAD.right),ticks.replaceChildren(...roundTicks(steps,6).map(t2=>svg("text",{class:"\
tick",x:across(t2),y:DEPTH-PAD.bottom+17},String(t2)))));let seen=withinFrame(logs,DEEPEST,HIGHEST),limit=withinFrame(logs.map((_2,t2)=>t2?t2*boundLog:0),DEEPEST,
HIGHEST);set(line,{d:seen.pieces.map(path).join("")}),set(area,{d:`${path(seen.edge)}V${up(0)}H${PAD.left}Z`}),set(bound,{d:limit.pieces.map(path).join("")});let close=last===
boundLog*steps||Math.abs(last-boundLog*steps)<.005;leave(exits.line,seen.exit),leave(exits.bound,close?null:limit.exit),nameLines(seen,limit,{close,boundLog,last,
steps}),set(mark,{d:gone>0?`M${across(gone)} ${up(FLOOR)}V${DEPTH-PAD.bottom}`:""}),set(node,{"aria-label":`The gradient after ${steps} steps is ${power(last)};\
 its bound is ${power(boundLog*steps)}`})},band=(curve,x0,x1)=>{let[t0,t1]=[across.invert(x0),across.invert(x1)],[low,high]=[1/0,-1/0];for(let k2=1;k2<curve.length;k2++){
let[[ta,a2],[tb,b2]]=[curve[k2-1],curve[k2]];if(ta>t1)break;if(tb<t0)continue;let at=t2=>tb>ta?a2+(b2-a2)*(clamp(t2,ta,tb)-ta)/(tb-ta):null;for(let y2 of tb>ta?
[up(at(t0)),up(at(t1))]:[up(a2),up(b2)])low=Math.min(low,y2),high=Math.max(high,y2)}return low<=high?[low,high]:null},beside=(curve,size,shares,sides)=>shares.flatMap(
share=>{let x2=PAD.left+4+share*(width-PAD.left-PAD.right-size-4),found=band(curve,x2,x2+size);return found?sides.map(side=>({x:x2,y:side<0?found[0]-8:found[1]+
17})):[]}),nameLines=(seen,limit,{close,boundLog,last,steps})=>{let flat=[[0,0],[steps,0]],curves=[...seen.pieces,...limit.pieces,flat],taken=[],alone=({x:x2,y:y2},size2)=>taken.
every(box=>x2>box.x+box.size+4||x2+size2+4<box.x||Math.abs(y2-box.y)>17),free=({x:x2,y:y2},size2)=>x2>PAD.left+2&&x2+size2<width-2&&y2-12>PAD.top&&y2+6<DEPTH-PAD.
bottom&&curves.every(curve=>{let found=band(curve,x2-3,x2+size2+3);return!found||found[1]<y2-12||found[0]>y2+5})&&alone({x:x2,y:y2},size2),put=(word,size2,places)=>{
let ends=x3=>clamp(x3,PAD.left+3,width-3-size2),found=places.find(place=>free(place,size2))??places.map(place=>({...place,x:ends(place.x)})).find(place=>alone(place,
size2)),{x:x2,y:y2}=found??places[0];return taken.push({x:x2,y:y2,size:size2}),set(word,{x:x2.toFixed(1),y:y2.toFixed(1)}),found},shown=seen.pieces.flat(),side=last<
boundLog*steps?[1,-1]:[-1,1];if(write(words2.exit,`${power(last)} at step ${steps}`),words2.exit.style.display=seen.exit?"":"none",seen.exit){let size2=8*words2.
exit.textContent.length+4,out=seen.exit[1]===HIGHEST?1:-1,y2=up(seen.exit[1])+(out>0?18:-9),x2=across(seen.exit[0]);put(words2.exit,size2,[{x:x2+12,y:y2},{x:x2+
12,y:y2+20*out},...[12,24,36,48].map(gap=>({x:x2-gap-size2,y:y2})),...beside(shown,size2,SHARES,[-1,1])])}write(words2.line,close?"gradient = bound":"gradient");
let size=close?122:62;if(put(words2.line,size,[...beside(shown,size,SHARES,side),...besideSteep(shown,size,side[0]*Math.sign(last||1))]),words2.bound.style.display=
close?"none":"",!close){let bounded=limit.pieces.flat(),leaves=(bounded.at(-1)??[steps])[0],ends=SHARES.map(share=>share*leaves/steps);put(words2.bound,72,[...beside(
bounded,72,ends,boundLog>0?[-1,1]:[1,-1]),...besideSteep(bounded,72,1),...beside(flat,72,SHARES,[-1])])}put(words2.one,96,beside(flat,96,SHARES,last>0?[1,-1]:[-1,
1]));let floor=[[0,FLOOR],[steps,FLOOR]],room2=put(words2.floor,112,beside(floor,112,SHARES,[1,-1]));words2.floor.style.display=room2?"":"none"},besideSteep=(curve,size,right)=>{
let places=[.5,.6,.4,.7,.3,.8,.2].map(part=>downTheCurve(curve,part));return[12,28,48].flatMap(gap=>[right,-right].flatMap(hand=>places.map(([x2,y2])=>({x:hand>
0?x2+gap:x2-gap-size,y:y2+4}))))},downTheCurve=(curve,part)=>{let places=curve.map(([t2,log])=>[across(t2),up(log)]),ways=places.slice(1).map(([,y2],k2)=>Math.abs(
y2-places[k2][1])),rest=part*ways.reduce((sum,way)=>sum+way,0);for(let[k2,way]of ways.entries()){if(rest<=way&&way>0){let[[x0,y0],[x1,y1]]=[places[k2],places[k2+
1]];return[x0+(x1-x0)*rest/way,y0+(y1-y0)*rest/way]}rest-=way}return places.at(-1)??[PAD.left,up(0)]};return{node,layout,update}}function withinFrame(heights,low,high){
let inside=y2=>y2>=low&&y2<=high,[pieces,edge]=[[],[]],[piece,exit]=[null,null],keep=place=>{piece||pieces.push(piece=[]),piece.push(place),edge.push(place)};return heights.
forEach((y2,t2)=>{if(t2){let before=heights[t2-1];[low,high].filter(limit=>(before-limit)*(y2-limit)<0).map(limit=>{let part=Number.isFinite(y2)?(limit-before)/
(y2-before):1;return[t2-1+part,limit]}).sort((one,other)=>one[0]-other[0]).forEach(keep)}inside(y2)?(keep([t2,y2]),exit=null):(piece&&([piece,exit]=[null,piece.
at(-1)]),edge.push([t2,clamp(y2,low,high)]))}),{pieces,edge,exit}}function chain(){let[end,again,slope,number,bound]=["span","span","span","strong","strong"].map(
tag=>html(tag)),h2=index=>html("span",{class:"symbol"},html("i",{},"h"),html("sub",{},index)),w2=()=>symbol2("w");return{node:html("p",{class:"sentence chain"},
html("span",{},"|∂",h2(end)," / ∂",h2("0"),"| = ∏ |",slope,"′(",symbol2("a_t"),")·",w2(),"| = ",number),html("span",{},"bound |",w2(),"|",html("sup",{},
again)," = ",bound)),update:({steps,phi},{last,boundLog})=>{write(end,String(steps)),write(again,String(steps)),write(slope,phi==="tanh"?"tanh":"id"),write(number,
power(last)),write(bound,power(boundLog*steps))}}}function goneText({gone,last},steps){return last===-1/0?`exactly 0 from step ${gone} on`:gone>=0?`below a thou\
sandth from step ${gone} on, and ${power(last)} at step ${steps}`:Math.abs(last)<.005?`still ${power(last)} at step ${steps}: nothing is lost`:`${last>0?"grown":
"down"} to ${power(last)} at step ${steps}`}function build(state){let[formula,map,path,track,depth]=[equation(state),cobweb(),past(state),gains(state),product()],
sentence=html("p",{class:"sentence"}),total=chain(),pair=html("div",{class:"pair"},map.node,path.node);return{pictures:[pair,track.node,depth.node,total.node,sentence],
formula:formula.node,controls:view=>controls(view),layout(width){let wide=width>=560;pair.classList.toggle("wide",wide),map.layout(wide?SQUARE:width),path.layout(
wide?width-SQUARE-12:width),track.layout(width),depth.layout(width)},update(values){let now=unit(values);[formula,map,path,track,depth].forEach(view=>view.update(
values,now)),total.update(values,now),write(sentence,`The gradient is ${goneText(now,values.steps)}.`)},summary:values=>`The gradient is ${goneText(unit(values),
values.steps)}.`}}var through_time_default=framed(build);export{through_time_default as default};
