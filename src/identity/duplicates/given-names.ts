// Given names and the short forms that people use for them, so that Bill and William are no contradiction.

/** Whether one given name is a usual short form of the other, or both are of the same; both folded. */
export function areFormsOfOneName(a: string, b: string): boolean {
  const groups = groupsOf.get(a)
  if (!groups) return false
  const others = groupsOf.get(b)
  return others !== undefined && groups.some((group) => others.includes(group))
}

/** Whether a folded word is a common given name; it tells a column of people from one of companies. */
export function isGivenName(word: string): boolean {
  return groupsOf.has(word) || common.has(word)
}

// A group each line: the full form and its short forms; a short form may stand in several.
const groups = `abigail abby abbie gail
abraham abe abram
adelaide addie ada
agnes agneta aggie
albert al bert bertie
alexander alex alec al sandy sasha sascha xander lex aleksander alexandre alessandro alejandro
alexandra alex sandra sasha lexi alexa
alfred al fred alf alfie
alice alicia ali
allison allie ali alison
amanda mandy
andrew andy drew andreas andre anders andrea
angela angie angelina
ann anne anna annie annika nan anita hanna hannah
anthony tony antony anton antonio toni
arthur art artie
barbara barb babs barbie
bartholomew bart
beatrice bea trixie beate beatrix
benjamin ben benny benji
bernard bernie bernhard berni
bradley brad
bridget biddy birgit birgitta brigitte
calvin cal
cameron cam
carl karl carlos charles
caroline carol carrie carolin karoline caro
catherine cathy kate katie kathy cath kat katherine kathryn kathleen catharine katharina katrin karin kaitlin cathrin caitlin
cecilia cissy celia
charles charlie chuck chas carl
charlotte lottie charlie lotte
christina chris tina christine kirsten kristina kristin christin kirstin stina
christopher chris kit topher christoph christian kristoffer kris
clifford cliff
constance connie
cornelius neil connie
cynthia cindy
daniel dan danny daniele
daniela dani daniella danielle
david dave davy
deborah deb debbie debra
dennis denny denis
diana di diane
dominic dom nick dominik
donald don donnie
dorothy dot dottie dolly dorothea
douglas doug
edmund ed eddie ned
edward ed eddie ted teddy ned eduard edvard edouard
eleanor ellie nell nora lena elena helen ella
elizabeth liz beth betty lizzie eliza lisa elisabeth bess libby betsy lise else elsa elisa
emily em emma emmy emilia
emmanuel manny manuel emanuel
ernest ernie ernst
eugene gene
evelyn eve evie eva
florence flo flora
frances fran fanny franny francesca franziska
francis frank fran francesco francisco franz francois
franklin frank
frederick fred freddie rick friedrich fritz fredrik frederik
gabriel gabe
gabriele gabi gaby gabriella gabriela
geoffrey geoff jeff jeffrey jeffery
george georg georgie jorge jurgen joerg jorg
gerald gerry jerry gerard gerhard gerd
gertrude trudy gerda
gregory greg gregor
gwendolyn gwen
harold harry hal harald
helen nell ellen lena helene helena
henry hank harry henrik heinrich hal enrique henri heinz
herbert herb bert bertie
howard howie
hubert hugh bert
ingrid inga inge
isaac ike
isabella bella isabel isabelle izzy belle isobel
jacob jake jakob jacques
jacqueline jackie jacqui
james jim jimmy jamie jim jaime
jane janet jenny janie
janice jan
jennifer jen jenny jenn
jeremiah jerry jeremy
jessica jess jessie
joan joanna joanne jo johanna
john johnny jack jon johannes johan jan hans sean ian juan jean giovanni ivan
jonathan jon johnny nathan
joseph joe joey josef jose giuseppe sepp
josephine jo josie josefine
joshua josh
judith judy jude
julia julie juliet giulia juliane
julian jules
katherine kate katie kathy
kenneth ken kenny
kimberly kim
lawrence larry laurie lars laurence lorenz lorenzo
leonard leo len lenny leonardo leonhard
leonora nora lena
lillian lily lilly
louis lou lewis ludwig louie luis luigi
louise lou luise louisa
lucas luke luca lukas
lucille lucy lucia
madeline maddie madeleine maddy
magdalena lena magda
margaret maggie meg peggy margie greta marge rita margarete margareta gretchen margarita megan grete
marie maria mary mia miriam molly marianne
mark marc marcus markus marco
martha marty patty
martin marty
matthew matt matthias mathias matteo mats matz mateo
maximilian max maxim
maxine max
melissa mel missy lissa
michael mike mick micky mikey michel michele mikael miguel mitch mikhail
michelle shelly mickey
mildred millie
mitchell mitch
mohammed mohamed muhammad mohammad mo ahmed
monica moni monika
nancy nan ann
natalie nat natalia natasha
nathaniel nate nathan nat nathanael
nicholas nick nicky nico nicolas niklas nikolaus klaus claus nikolai
nicole nicky nikki nicola
oliver ollie olli olivier
olivia liv livia
pamela pam
patricia pat patty trish tricia patti
patrick pat paddy rick patrik
paul pablo paolo pavel
penelope penny
peter pete pierre pedro pietro petter per petra
philip phil filip felipe philipp phillip
priscilla cilla
rachel rae ray rachael
raymond ray raimund
rebecca becky becca rebekka bec
reginald reg reggie
richard rick dick rich ricky ritchie ricardo
robert bob rob bobby robbie bert roberto robin
roberta bobbie robbie
rodney rod
roger rog rudiger
roland rolly
ronald ron ronnie
rosemary rose rosie rosa
rudolph rudy rolf rudolf
russell russ
ruth ruthie
samantha sam sammy
samuel sam sammy
sarah sally sara sadie
sebastian seb bastian basti
sharon shari
sheila shelly
sidney sid
solomon sol
sophia sophie sofia sofie
stanley stan
stephanie steph stefanie steffi stevie
stephen steve steven stephan stefan steffen stevie esteban etienne
stuart stu stewart
susan sue susie suzanne susanne susanna suzy
sylvia silvia
theodore ted teddy theo theodor
theresa terry tess tessa teresa therese
thomas tom tommy tomas thom
timothy tim timmy timo
ursula uschi ulla
valerie val
veronica ronnie vera veronika
victor vic viktor
victoria vicky tori vicki viktoria
vincent vince vinnie vinzenz
virginia ginny ginger
walter walt wally walther
wilhelm willi will william helmut
wilhelmina mina minnie billie
william will bill billy willie liam willy guillaume guillermo
winifred winnie freda
yvonne vonnie
zachary zach zack zac`

const common = new Set(
  `aaron adam adrian aidan alan amy amelia angus april astrid ava bengt benedict bjorn blake bo brandon brenda brian
  bruce bryan camille carla carmen chelsea chloe claire clara claudia colin craig curtis dale darren dawn dean denise derek
  dieter dirk donna doris dylan eileen elias elke eric erica erik erika ethan felix finn gary giorgio glenn gordon grace graham
  gunter gustav harriet harrison hayden heather heidi heike holger holly hugo imogen irene isaac jackson jacinta jade jan
  jared jason jasmine jay jens jill jochen jordan joel jonas jose joyce jun justin kai karen kate katja kay keith kelly kerstin kevin
  klara kurt kyle lachlan laura lauren lea leah lee leon liam linda linnea lisa logan lorraine lynn maja malin manfred marco margot
  marina mario marlene martina mason mathilda maya mei mila mohamed nadia naomi neil nina noah norbert oscar oskar otto
  pauline phoebe rainer ralf ralph rene riley rita romain ross roy ruby ryan scott sean shane shannon shaun shirley silke sigrid
  simon simone sofia sonja spencer stella sven svetlana tara taylor teresa tobias toby todd travis trevor tyler udo ulf ulrich ute uwe
  vanessa vera volker wayne wei wendy werner wolfgang xavier yuki zoe zara`.split(/\s+/),
)

const groupsOf = new Map<string, number[]>()
groups.split('\n').forEach((line, group) => {
  for (const name of line.split(' ')) {
    const known = groupsOf.get(name)
    if (known) known.push(group)
    else groupsOf.set(name, [group])
  }
})
