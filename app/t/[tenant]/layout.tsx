import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { SchoolSuspended } from '@/components/shell/dead-ends'
import { knockAtSchool } from '@/lib/tenancy/request'

type Props = Readonly<{ params: Promise<{ tenant: string }>; children: ReactNode }>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const door = await knockAtSchool((await params).tenant)
  const name = door.kind === 'open' ? door.ctx.name : door.name
  return { title: { absolute: name, template: `%s · ${name}` } }
}

/** One school. A suspended one shows that it is, whatever was asked; each page still asks for itself who may see it. */
export default async function SchoolLayout({ params, children }: Props) {
  const door = await knockAtSchool((await params).tenant)
  return door.kind === 'suspended' ? <SchoolSuspended schoolName={door.name} /> : children
}
