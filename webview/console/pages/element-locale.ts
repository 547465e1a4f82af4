import type { Language as ElementLanguage } from 'element-plus/es/locale/index'
import en from 'element-plus/es/locale/lang/en'
import th from 'element-plus/es/locale/lang/th'
import { computed } from 'vue'
import { language } from '../words.ts'

/** The words inside Element's own parts, such as the months of a calendar. */
export const useElementLocale = () => computed<ElementLanguage>(() => (language.value === 'th' ? th : en))
