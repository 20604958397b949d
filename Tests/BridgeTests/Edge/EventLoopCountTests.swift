import Testing

@testable import Bridge

struct EventLoopCountTests {
    @Test(arguments: [(1, 1), (2, 1), (3, 1), (4, 2), (16, 8)]) func everySecondCoreHasALoop(cores: Int, loops: Int) {
        #expect(EventLoopCount.count(cores: cores) == loops)
    }
}
