//! The words by which a message leans on what was said before it, one table a language.

use crate::lang::Lang;

/// A language's words, parted by spaces; `continuing` holds phrases, parted by commas.
pub struct Table {
    lang: Lang,
    /// What may stand before an opening without changing it.
    pub aside: &'static str,
    /// How a message opens that continues something.
    pub continuing: &'static str,
    /// Words that stand for something said before.
    pub pointing: &'static str,
    /// Words that name no matter: grammar, question words, what may be asked of anything.
    pub empty: &'static str,
}

/// The table of a language, where there is one.
pub fn table(lang: Lang) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.lang == lang)
}

const TABLES: [Table; 7] = [
    Table {
        lang: Lang::EN,
        aside: "ok okay oh ah hm hmm well so yes no great thanks thank you cool good alright fine sure please hi hello",
        continuing: "and, and what about, and how about, what about, how about, and what if, what if, \
            or, and also, also, but, but what about, and if, then, and then, same for, same question for",
        pointing: "it its that this these those they them their there one ones he him she her same both either thats theyre",
        empty: "a an the and or but of to for in on at by with from as if so not no yes do does did is are was were \
            be been am can could will would should may might must have has had i you we me my your our us mine yours \
            how what when where which who why whose much many long far often soon old big any some more most less \
            all also too still just only even really please thanks ok okay cost costs take takes work works need \
            want get go happen happens mean possible allowed apply applies about case cases case there im id ill \
            youre dont cant doesnt isnt extra else other another instead possible necessary whats hows",
    },
    Table {
        lang: Lang::DE,
        aside: "ok okay oh ah hm hmm also so ja nein gut super toll danke alles klar bitte hallo prima",
        continuing: "und, und was ist mit, was ist mit, und wie ist es mit, wie ist es mit, wie sieht es mit, \
            wie sieht es bei, wie sieht es, und wie sieht es mit, und wenn, oder, aber, auch, und auch, und bei, \
            und dann, dann, gilt das auch für, gilt das auch",
        pointing: "es dies diese dieser dieses diesen diesem ihn ihm dafür damit daran darauf davon dazu \
            darin dabei dort da denen deren dessen beides beide dasselbe",
        empty: "ein eine einen einem einer eines der die das den dem des sie er ihr und oder aber von zu zum zur für in im an am \
            auf bei mit aus nach vor über als ob wenn so nicht kein keine ja nein ist sind war waren sein bin wird \
            werden würde kann können könnte könnt kannst darf dürfen muss müssen soll sollen will haben habe hat hatte \
            ich du wir ihr man mir mich uns euch mein meine dein deine unser eure wie was wann wo welche welcher \
            welches wer wem warum wieso weshalb viel viele lange lang oft weit alt groß teuer mehr noch auch schon nur \
            denn eigentlich bitte danke ok okay kostet kosten dauert dauern geht gehen gilt gelten braucht brauche \
            möglich erlaubt nötig gibt es aus sieht extra sonst anders hin her dann mal passiert",
    },
    Table {
        lang: Lang::ES,
        aside: "ok vale oh ah hm pues bueno sí no gracias genial perfecto muy bien hola entonces",
        continuing: "y, e, y qué tal, qué tal, y qué pasa con, qué pasa con, y qué hay de, qué hay de, y si, y para, \
            o, pero, también, y también, y entonces, lo mismo para, lo mismo",
        pointing: "eso esto ese esa esos esas aquello ello ella ellos ellas allí ahí lo \
            mismo misma ambos ambas hacerlo hacerla devolverlo devolverla cambiarlo cambiarla pagarlo comprarlo",
        empty: "un una unos unas el la los las lo les este esta estos estas y o e pero de del a al para por en con sin desde como si no sí es \
            son era eran ser estar está están fue puedo puede pueden podría podrían debo debe tengo tiene tienen hay \
            he ha han yo tú usted ustedes nosotros me te se nos mi mis su sus tu tus cómo qué cuándo dónde cuál cuáles \
            quién cuánto cuánta cuántos cuántas mucho muchos más menos también ya solo sólo tan muy gracias cuesta \
            cuestan tarda tardan vale funciona necesito quiero hace hacer posible permitido pasa caso otro otra extra \
            que porque entonces aplica",
    },
    Table {
        lang: Lang::FR,
        aside: "ok d'accord oh ah hm bon bien oui non merci super parfait alors bonjour très",
        continuing: "et, et pour, et si, et qu en est il, qu en est il, et quid, quid, ou, mais, aussi, et aussi, \
            et alors, pareil pour, même question pour, et en, et à, et avec",
        pointing: "ça cela ceci celui celle ceux celles elle ils elles lui même mêmes",
        empty: "un une des le la les l ce c cet cette ces il y en leur leurs de du d à au aux et ou mais en dans sur sous pour par avec sans chez comme si ne n \
            pas non oui est sont était être suis êtes a ai as avons avez ont avoir peux peut pouvez peuvent puis pourrais \
            dois doit faut veux voulez je j tu nous vous on me m te t se s mon ma mes ton ta tes son sa ses notre nos \
            votre vos comment que qu quoi quand où quel quelle quels quelles qui pourquoi combien temps beaucoup plus \
            moins aussi encore déjà juste très merci coûte coûtent prend prennent dure marche besoin possible permis \
            il y cas autre autrement supplément fait faire alors est-ce",
    },
    Table {
        lang: Lang::PT,
        aside: "ok oh ah hm bom bem sim não obrigado obrigada ótimo perfeito então olá certo",
        continuing: "e, e se, e para, e quanto a, quanto a, e que tal, que tal, ou, mas, também, e também, e então, \
            o mesmo para, e em, e no, e na",
        pointing: "isso isto aquilo esse essa esses essas ele ela eles elas dele dela deles delas \
            disso nisso aí mesmo mesma ambos fazê-lo devolvê-lo",
        empty: "um uma uns umas este esta estes estas o a os as e ou mas de do da dos das a ao à aos às para pra por em no na nos nas com sem \
            como se não sim é são era eram ser estar está estão foi posso pode podem poderia devo deve tenho tem têm há \
            eu tu você vocês nós me te se nos meu minha meus minhas seu sua seus suas como que quê quando onde qual \
            quais quem quanto quanta quantos quantas porque porquê muito mais menos também já só ainda obrigado custa \
            custam demora demoram leva funciona preciso quero possível permitido acontece caso outro outra extra fazer \
            então lo la",
    },
    Table {
        lang: Lang::IT,
        aside: "ok va bene oh ah hm sì no grazie ottimo perfetto allora ciao certo capito",
        continuing: "e, ed, e per, e se, e che dire di, che dire di, e quanto a, quanto a, e invece, o, oppure, ma, \
            anche, e anche, e poi, lo stesso per, e in, e con",
        pointing: "questo questa questi queste quello quella quelli quelle ciò esso essa essi lui loro lì \
            stesso stessa entrambi farlo farla restituirlo cambiarlo",
        empty: "un uno una il lo la li ne lei i gli le l e ed o ma di del della dei delle dello d a al alla ai alle allo in nel \
            nella nei nelle su sul sulla da dal dalla con per tra fra senza come se non sì è sono era erano essere sei \
            siamo ho ha hai hanno abbiamo avere posso può puoi possono potrei devo deve io tu noi voi mi ti si ci vi \
            mio mia miei mie tuo tua suo sua vostro vostra cosa che chi quando dove quale quali perché quanto quanta \
            quanti quante molto più meno anche già solo ancora grazie costa costano ci vuole vogliono dura funziona \
            serve bisogno voglio possibile permesso succede caso altro altra extra fare allora vale tempo",
    },
    Table {
        lang: Lang::NL,
        aside: "ok oké oh ah hm nou dus ja nee goed prima mooi dank bedankt je u hallo alsjeblieft",
        continuing: "en, en hoe zit het met, hoe zit het met, en wat als, wat als, en als, of, maar, ook, en ook, \
            en voor, en naar, en dan, dan, geldt dat ook voor, geldt dat ook, en bij",
        pointing: "dit deze ze hij hem daar daarvoor daarmee daarvan daarop hiervoor \
            hetzelfde dezelfde beide",
        empty: "een de het dat die er haar hun en of maar van te tot voor in op aan bij met uit naar door over als zo niet geen ja nee is \
            zijn was waren ben bent wordt worden zou kan kunnen kunt mag mogen moet moeten zal wil willen heb hebben \
            heeft had ik jij je u wij we mij me ons mijn jouw uw onze hoe wat wanneer waar welke welk wie waarom hoeveel \
            hoelang lang lange vaak veel meer nog ook al alleen heel graag bedankt kost kosten duurt duren werkt nodig \
            mogelijk toegestaan geldt gaat gebeurt zit extra anders geval dan",
    },
];
