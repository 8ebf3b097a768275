import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import cs from "./cs.json";
import en from "./en.json";

/** What people read is written in English where it is shown; the catalogues say the rest.
 *
 * The English one holds singulars alone.
 */
export const LANGUAGES = { en: "English", cs: "Čeština" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = "trunkline.language";

export function prepareLanguage(): void {
  const wanted = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  const language = wanted in LANGUAGES ? wanted : "en";
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { cs: { translation: cs }, en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    returnEmptyString: false,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  i18next.changeLanguage(language);
}
