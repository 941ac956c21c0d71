import type { Metadata } from 'next'
import { NothingHere } from '@/components/shell/dead-ends'

// The same title for a page that does not exist and for one this person may not see.
export const metadata: Metadata = { title: { absolute: 'Nothing here · Grade Insight' } }

export default NothingHere
