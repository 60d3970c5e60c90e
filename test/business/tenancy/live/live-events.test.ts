import { describe, expect, it } from 'vitest';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { defineEvents } from '../../../../src/business/tenancy/events/event-type.ts';
import { happened } from '../../../../src/business/tenancy/events/happened.ts';
import { LiveEvents } from '../../../../src/business/tenancy/live/live-events.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { aTenant, useDatabase } from '../../a-business.ts';
import { testTenancy } from '../../../support/test-tenancy.ts';

const at = useDatabase();
const { rung } = defineEvents('bell', { rung: { says: 'A bell was rung.' } });

function aBus() {
  const errors: object[] = [];
  const bus = new LiveEvents({ error: (context: object) => void errors.push(context) });
  const tenancy = testTenancy(at.db, [bus.processor]);
  const ring = (tenantId: TenantId, subject: string) => {
    const actor = systemActor(tenantId, 'test');
    return tenancy.run(actor, (tx) => happened(tx, actor, rung({ subject })));
  };
  const listen = (tenantId: TenantId) => {
    const heard: string[] = [];
    return { heard, stop: bus.subscribe(tenantId, ({ subject }) => heard.push(subject)) };
  };
  return { bus, tenancy, ring, listen, errors };
}

describe('live events', () => {
  it('reach every listener of their tenant, and no other tenant’s', async () => {
    const { ring, listen } = aBus();
    const [tenantId, other] = [await aTenant(at.db), await aTenant(at.db)];
    const listeners = [listen(tenantId), listen(tenantId)];
    const stranger = listen(other);
    await ring(tenantId, 'bell_1');
    await ring(other, 'bell_2');
    expect(listeners.map(({ heard }) => heard)).toEqual([['bell_1'], ['bell_1']]);
    expect(stranger.heard).toEqual(['bell_2']);
  });

  it('are those that were committed, and come in the order they happened', async () => {
    const { tenancy, ring, listen } = aBus();
    const tenantId = await aTenant(at.db);
    const actor = systemActor(tenantId, 'test');
    const { heard } = listen(tenantId);
    await tenancy.run(actor, async (tx) => {
      for (const subject of ['first', 'second']) await happened(tx, actor, rung({ subject }));
      expect(heard).toEqual([]);
    });
    const undone = tenancy.run(actor, async (tx) => {
      await happened(tx, actor, rung({ subject: 'undone' }));
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    await ring(tenantId, 'third');
    expect(heard).toEqual(['first', 'second', 'third']);
  });

  it('end for one listener when it stops, and the last to stop leaves nothing to be handled', async () => {
    const { bus, ring, listen } = aBus();
    const tenantId = await aTenant(at.db);
    const [first, second] = [listen(tenantId), listen(tenantId)];
    await ring(tenantId, 'bell_1');
    first.stop();
    first.stop();
    await ring(tenantId, 'bell_2');
    second.stop();
    await ring(tenantId, 'bell_3');
    expect([first.heard, second.heard]).toEqual([['bell_1'], ['bell_1', 'bell_2']]);
    expect(bus.processor.handles({ tenantId } as never)).toBe(false);
  });

  it('that a listener fails on reach the others, and the change they tell of stands', async () => {
    const { bus, ring, listen, errors } = aBus();
    const tenantId = await aTenant(at.db);
    bus.subscribe(tenantId, () => {
      throw new Error('the socket is closed');
    });
    const { heard } = listen(tenantId);
    const subject = newId('bell');
    await ring(tenantId, subject);
    expect(heard).toEqual([subject]);
    expect(errors).toMatchObject([{ err: { message: 'the socket is closed' }, type: 'bell.rung' }]);
  });
});
