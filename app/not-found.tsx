import { NothingHere } from '@/components/shell/dead-ends'

export default NothingHere
